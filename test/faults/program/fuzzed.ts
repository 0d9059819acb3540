import { gzipSync } from 'node:zlib';
import { aBatch, anEvent } from '../../support/batch.ts';
import type { Random } from '../../support/random.ts';

/** A request that a browser, a proxy or a stranger might send: whole, changed, or not all of it. */
export interface Fuzzed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Bytes of the body that are sent before the connection is cut; absent where all are. */
  readonly abortedAfter?: number;
}

/** Values that stand where others are expected. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  -0,
  0.1,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '￿'.repeat(300),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
  '2026-13-45T99:99:99Z',
  '9999-12-31T23:59:59.999Z',
  [],
  {},
  [[[[[[[[[[[[]]]]]]]]]]]],
  { a: { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } } },
  Array.from({ length: 300 }, (_, n) => n),
];

type Change = (batch: Record<string, unknown>, random: Random) => void;

/** A place in a batch, drawn: more often in its events, where most rules look. */
const placeOf = (batch: Record<string, unknown>, random: Random) =>
  (random() < 0.6 ? placeIn(batch.events, random) : undefined) ?? placeIn(batch, random);

function placeIn(
  value: unknown,
  random: Random,
): { readonly holder: Record<string, unknown>; readonly key: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const holder = value as Record<string, unknown>;
  const keys = Object.keys(holder);
  const key = keys[random.below(keys.length)];
  if (key === undefined) return undefined;
  return (random() < 0.7 ? placeIn(holder[key], random) : undefined) ?? { holder, key };
}

const odd = (random: Random): unknown => structuredClone(ODD[random.below(ODD.length)]);

/** Also where the key is `__proto__`: a parser of JSON makes a field of it. */
const put = (holder: object, key: string, value: unknown): void =>
  void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

const CHANGES: readonly Change[] = [
  (batch, random) => {
    const place = placeOf(batch, random);
    if (place) put(place.holder, place.key, odd(random));
  },
  (batch, random) => {
    const place = placeOf(batch, random);
    if (place) delete place.holder[place.key];
  },
  (batch, random) => {
    const place = placeOf(batch, random);
    if (place) put(place.holder, String(odd(random)), odd(random));
  },
  (batch, random) => {
    const { events } = batch;
    if (Array.isArray(events))
      for (let n = random.below(8); n > 0; n--) events.push(structuredClone(events[0] ?? null));
  },
];

export function fuzzed(random: Random): Fuzzed {
  const batch = structuredClone(
    aBatch(
      Array.from({ length: 1 + random.below(3) }, () =>
        anEvent({ event_id: random.uuid(), props: { a: [1, { b: 'c' }] } }),
      ),
    ),
  ) as Record<string, unknown>;
  for (let n = random.below(4); n > 0; n--) CHANGES[random.below(CHANGES.length)]!(batch, random);
  let body = Buffer.from(JSON.stringify(batch));
  let headers: Record<string, string> = { 'content-type': 'text/plain' };
  const kind = random();
  if (kind < 0.1) {
    // Bytes that are no text any more, or no JSON.
    for (let n = 1 + random.below(5); n > 0; n--) body[random.below(body.length)] = random.below(256);
  } else if (kind < 0.15) {
    body = body.subarray(0, random.below(body.length));
  } else if (kind < 0.2) {
    headers = { ...headers, 'content-encoding': 'gzip' };
    body = gzipSync(body, { level: 1 });
    if (random() < 0.5) body[random.below(body.length)] = random.below(256);
  } else if (kind < 0.22) {
    headers = {
      'content-type': ['application/xml', 'multipart/form-data', 'text/plain;charset=utf-16'][random.below(3)]!,
    };
  }
  const isAborted = random() < 0.1;
  return { headers, body, ...(isAborted && body.length > 1 && { abortedAfter: random.below(body.length) }) };
}
