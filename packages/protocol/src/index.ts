/**
 * The wire contract, free of dependencies: what a browser, a server or a till sends, and what the collector answers.
 * Schemas (zod) are under `@parcours/protocol/schema`.
 */
export type {
  Batch,
  BatchReply,
  Dropped,
  ErrorReply,
  EventRecord,
  EventResult,
  EventStatus,
  Page,
  Withdrawn,
} from './batch.ts';
export type { ClickId } from './click_ids.ts';
export { CLICK_IDS } from './click_ids.ts';
export type { Decision, Evidence, Permission, Withdrawals } from './consent/decide.ts';
export { decide, permit } from './consent/decide.ts';
export { DEFAULT_EVENTS, DEFAULT_FIELDS, DEFAULT_GPC, DEFAULT_RULES } from './consent/default_rules.ts';
export type { ExemptEvent, Screen } from './consent/exempt.ts';
export {
  EXEMPT,
  EXEMPT_PROPS,
  isExemptOpen,
  isExemptStamp,
  reduceToExempt,
  SCREENS,
  screenOf,
} from './consent/exempt.ts';
export type { EventGate, Gateable } from './consent/gate_event.ts';
export { createEventGate, gateEvent, propertyField } from './consent/gate_event.ts';
export type {
  BeforeChoice,
  BrowserPolicy,
  ExemptRules,
  LegalBasis,
  Policy,
  PolicyRules,
  Preset,
  Recipient,
  Retention,
  SiteRules,
  SourceMapping,
} from './consent/policy.ts';
export { BEFORE_CHOICE, LEGAL_BASES, PRESETS } from './consent/policy.ts';
export type { Choice, Purpose, PurposeState } from './consent/purposes.ts';
export { isPurpose, PURPOSES } from './consent/purposes.ts';
export type { Signals } from './consent/signals.ts';
export { choiceFrom } from './consent/signals.ts';
export type { ConsentStamp } from './consent/stamp.ts';
export { grants, stampFault } from './consent/stamp.ts';
export type { JoinKey, Keys } from './keys.ts';
export { JOIN_KEYS } from './keys.ts';
export { LIMITS } from './limits.ts';
export { LINK_PARAMETER } from './link.ts';
export type { ConsoleCode, DropCode, FailedCode, FilteredCode, RequestCode } from './reasons.ts';
export { CONSOLE, DROPPED, FAILED, FILTERED, REQUEST } from './reasons.ts';
export type * from './records/index.ts';
export type { ShapeFault } from './shape.ts';
export { shapeFault } from './shape.ts';
