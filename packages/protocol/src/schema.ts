/** The wire contract as zod schemas: the collector's reference, and the source of the JSON Schema. */
import { z } from 'zod';
import type { Batch, EventRecord, Withdrawn } from './batch.ts';
import type { ConsentStamp } from './consent/stamp.ts';
import { JOIN_KEYS, type JoinKey, type Keys } from './keys.ts';
import { LIMITS } from './limits.ts';
import { quickCheck, type SurelyValid } from './quick.ts';
import { quickEvent } from './quick_event.ts';
import { FAILED, type FailedCode } from './reasons.ts';
import { type RecordType, type SameFields, same } from './records/define.ts';
import { id } from './records/fields.ts';
import { RECORDS } from './records/index.ts';
import { shapeFault } from './shape.ts';

export { RECORDS } from './records/index.ts';

const time = z.iso.datetime({ offset: true, message: 'must be an RFC 3339 date and time' });

/** An id that a sender made up: nothing in it may be readable, an address for mail least of all. */
const opaqueId = z.string().regex(/^[\w.:-]{1,100}$/, 'must be 1 to 100 letters, digits, or any of _ . : -');

const joinKey = z.string().min(1).max(200).optional();

const keys = z.looseObject(
  Object.fromEntries(Object.keys(JOIN_KEYS).map((key) => [key, joinKey])) as Record<JoinKey, typeof joinKey>,
);

same<SameFields<Keys, typeof keys>>();

const absoluteUrl = z
  .string()
  .max(LIMITS.urlChars)
  .regex(/^[a-z][a-z0-9+.-]*:\/\/\S/i, 'must be an absolute URL');

const page = z.looseObject({
  url: absoluteUrl,
  title: z.string().max(LIMITS.urlChars).optional(),
  referrer: absoluteUrl.or(z.literal('')).optional(),
});

/** An event of any type: the fields that all share. */
export const event = z.looseObject({
  event_id: z.guid('must be a UUID'),
  type: z
    .string()
    .max(LIMITS.typeChars)
    .regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and _, beginning with a letter'),
  occurred_at: time,
  stamp: z.int().min(0),
  seq: z.int().min(0).optional(),
  visitor_id: opaqueId.optional(),
  session_id: opaqueId.optional(),
  page_view_id: opaqueId.optional(),
  page: page.optional(),
  keys: keys.optional(),
  props: z.record(z.string(), z.unknown()).optional(),
});

same<SameFields<EventRecord, typeof event>>();

const stampText = z.string().max(LIMITS.stampChars);

export const stamp = z.looseObject({
  purposes: z.array(stampText).max(LIMITS.stampPurposes),
  source: stampText.min(1),
  at: time,
  policy: stampText.optional(),
  receipt: stampText.optional(),
  denied: z.array(stampText).max(LIMITS.stampPurposes).optional(),
  consent_string: z.string().max(LIMITS.consentStringChars).optional(),
  source_version: stampText.optional(),
  notice_hash: stampText.optional(),
  language: stampText.optional(),
});

same<SameFields<ConsentStamp, typeof stamp>>();

const dropped = z.looseObject({ code: z.string().max(64), count: z.int().min(0).max(1_000_000_000) });

const withdrawn = z.looseObject({
  at: time,
  purposes: z.array(stampText).min(1).max(LIMITS.stampPurposes).optional(),
});

same<SameFields<Withdrawn, typeof withdrawn>>();

const envelope = {
  v: z.literal(1),
  site: id,
  key: id.optional(),
  sdk: z.string().max(64),
  sent_at: time,
  visitor_id: opaqueId.optional(),
  rotate: z.boolean().optional(),
  dropped: z.array(dropped).max(LIMITS.keys).optional(),
  withdrawn: withdrawn.optional(),
  objection: z.boolean().optional(),
};

/** A batch whole: what a sender should hold itself to. Published as JSON Schema. */
export const batch = z.looseObject({
  ...envelope,
  stamps: z.array(stamp).max(LIMITS.batchStamps),
  events: z.array(event).max(LIMITS.batchEvents),
});

same<SameFields<Batch, typeof batch>>();

/** A batch with its items unread: one bad event must not cost its neighbours. */
export const openBatch = z.looseObject({
  ...envelope,
  stamps: z.array(z.unknown()).max(LIMITS.batchStamps),
  events: z.array(z.unknown()),
});

/** The schema of an event, and the check that spares it where the event is as it should be. */
interface EventRule {
  readonly schema: typeof event;
  readonly isSurelyValid: SurelyValid;
}

const eventRule = (schema: typeof event): EventRule => ({ schema, isSurelyValid: quickEvent(schema) });

const anyEvent = eventRule(event);

/** Says yes for a batch that `openBatch` surely takes as it is; `false` says nothing. */
export const isSurelyBatch: SurelyValid = quickCheck(openBatch);

const byType = new Map<string, EventRule>(
  RECORDS.map((record) => [
    record.type,
    eventRule(event.extend({ props: record.props as never }) as unknown as typeof event),
  ]),
);

/** Standard events whose properties may all be absent may be sent without `props`. */
const withoutProps = new Set<string>(
  RECORDS.filter((record) => record.props.safeParse({}).success).map((record) => record.type),
);

/** The types that a visit can begin with. */
export const ENTRY_TYPES: ReadonlySet<string> = new Set(
  RECORDS.filter((record: RecordType) => record.isEntry).map(({ type }) => type),
);

export type ParsedEvent =
  | { readonly ok: true; readonly event: EventRecord }
  | { readonly ok: false; readonly code: FailedCode; readonly path: string; readonly message: string };

/**
 * One item of a batch against every rule of the wire: shape, then fields, then the properties of its type.
 * Never throws; the first fault is told with its path. The size limit is the caller's, who has the bytes.
 */
export function parseEvent(item: unknown): ParsedEvent {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return failed('not_an_object', '');
  const fault = shapeFault(item, LIMITS);
  if (fault) return failed(fault.code, fault.path);
  const { type, props } = item as Partial<EventRecord>;
  const ofType = typeof type === 'string' ? byType.get(type) : undefined;
  const { schema, isSurelyValid } =
    ofType && !(props === undefined && withoutProps.has(type as string)) ? ofType : anyEvent;
  if (isSurelyValid(item)) return { ok: true, event: item as EventRecord };
  const parsed = schema.safeParse(item);
  if (parsed.success) return { ok: true, event: parsed.data };
  const issue = parsed.error.issues[0];
  return failed('invalid_field', pathOf(issue?.path ?? []), issue?.message);
}

const failed = (code: FailedCode, path: string, message: string = FAILED[code]): ParsedEvent => ({
  ok: false,
  code,
  path,
  message,
});

/** `['props', 'items', 0, 'price']` as `props.items[0].price`. */
export function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path)
    text += typeof step === 'number' ? `[${step}]` : text === '' ? String(step) : `.${String(step)}`;
  return text;
}
