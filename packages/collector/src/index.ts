/** Requests become log records: http, validate, decide, scrub, enrich, append. */
export type { Collector } from './app.ts';
export { createCollector } from './app.ts';
export { createAddressMatch } from './client_address.ts';
export type { PublishedPolicy } from './consent/policies.ts';
export { SERVED_AFTER_MS } from './consent/policies.ts';
export type { ConsentOptions } from './consent/wiring.ts';
export type { NewWithdrawal } from './consent/withdrawals.ts';
export type { Diagnosis } from './diagnosis.ts';
export { DIAGNOSE_HEADER, signDiagnosis } from './diagnosis.ts';
export { collectorDocument } from './document.ts';
export { CollectorError } from './errors.ts';
export { plainAddress, readForwarded, splitList } from './forwarded.ts';
export type { Accounts } from './metrics.ts';
export type { MetricsGuard } from './metrics_guard.ts';
export { createMetricsGuard } from './metrics_guard.ts';
export { collectorOpenApi } from './openapi.ts';
export type {
  CollectorOptions,
  JudgedSite,
  PageRight,
  RequestLine,
  Script,
  Site,
  SiteInput,
  TrustProxy,
} from './options.ts';
export {
  addressHeader,
  checkSite,
  endpointPath,
  PAGE_RIGHTS,
  rateLimits,
  scriptPath,
  siteFields,
  siteList,
  trustProxy,
} from './options.ts';
export type { ConsentNow, FailedItem, Replayed } from './replay.ts';
export { createReplay } from './replay.ts';
export type { RightsOptions, VisitorAudit, VisitorErasure, VisitorExport } from './rights/options.ts';
export { TablesUnavailable } from './rights/options.ts';
export { isScript, readSdkScripts } from './sdk_scripts.ts';
