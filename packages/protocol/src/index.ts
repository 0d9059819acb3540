/**
 * The wire contract, free of dependencies: what a browser, a server or a till sends, and what the collector answers.
 * Schemas (zod) are under `@parcours/protocol/schema`.
 */
export type { Batch, BatchReply, Dropped, ErrorReply, EventRecord, EventResult, EventStatus, Page } from './batch.ts';
export type { ClickId } from './click_ids.ts';
export { CLICK_IDS } from './click_ids.ts';
export type { Choice, ConsentStamp, Purpose, PurposeState } from './consent.ts';
export { grants, PURPOSES, stampFault } from './consent.ts';
export type { JoinKey, Keys } from './keys.ts';
export { JOIN_KEYS } from './keys.ts';
export { LIMITS } from './limits.ts';
export { LINK_PARAMETER } from './link.ts';
export type { ConsoleCode, DropCode, FailedCode, FilteredCode, RequestCode } from './reasons.ts';
export { CONSOLE, DROPPED, FAILED, FILTERED, REQUEST } from './reasons.ts';
export type * from './records/index.ts';
export type { ShapeFault } from './shape.ts';
export { shapeFault } from './shape.ts';
