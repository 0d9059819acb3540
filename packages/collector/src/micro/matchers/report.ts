import type { MicroClient } from '../connect_micro.ts';
import type { SeenCount, SeenEvent, SeenFailure, SeenRefusal } from '../seen.ts';
import { type Expected, type Mismatch, mismatches } from './expected.ts';

/** Values longer than this are cut in a message. */
const MAX_CHARS = 200;

/** What was there instead of an expected event, as lines: types, the nearest of its own type, what failed or was refused. */
export async function insteadOf(
  micro: MicroClient,
  type: string,
  { events, expected }: { readonly events: readonly SeenEvent[]; readonly expected: Expected },
): Promise<readonly string[]> {
  const [{ types }, failed, filtered, refused] = await Promise.all([
    micro.accounts(),
    micro.failed(),
    micro.filtered(),
    micro.refused(),
  ]);
  const ofType = <T extends { readonly type?: string }>(all: readonly T[]): readonly T[] =>
    all.filter((each) => each.type === type);
  return [
    `received instead: ${typesLine(types)}`,
    ...nearestLines(events, expected),
    ...ofType(failed).map(failureLine),
    ...ofType(filtered).map(countLine),
    ...refused.slice(-3).map(refusalLine),
  ];
}

export const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(readable(value)) ?? String(value));
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
};

export const failureLine = ({ type = 'an event', code, path, message, stage }: SeenFailure): string =>
  `failed: ${type}${path === '' ? '' : ` at ${path}`}: ${message} (${stage}, ${code})`;

export const countLine = ({ type, code, count, text }: SeenCount): string =>
  `left out: ${count} ${type || 'of unknown type'}: ${text} (${code})`;

export const refusalLine = ({ code, message, origin, site, types }: SeenRefusal): string => {
  const from = origin === null ? 'a request without origin' : `a request of ${origin}`;
  const what = types.length === 0 ? '' : ` with ${types.join(', ')}`;
  return `refused: ${from} for site ${show(site)}${what}: ${message} (${code})`;
};

export const eventLine = ({ type, n, path }: SeenEvent): string =>
  `${type}${path === undefined ? '' : ` on ${path}`} (event ${n})`;

function typesLine(types: Readonly<Record<string, number>>): string {
  const each = Object.entries(types).map(([type, count]) => `${count} ${type}`);
  return each.length === 0 ? 'no event at all' : each.join(', ');
}

/** The event with the fewest mismatches, the newest of those. */
function nearestLines(events: readonly SeenEvent[], expected: Expected): readonly string[] {
  let nearest: { readonly event: SeenEvent; readonly found: readonly Mismatch[] } | undefined;
  for (const event of events) {
    const found = mismatches(event, expected);
    if (found.length > 0 && (!nearest || found.length <= nearest.found.length)) nearest = { event, found };
  }
  if (!nearest) return [];
  const lines = nearest.found.map(({ path, wanted, got }) => `    ${path}: wanted ${show(wanted)}, got ${show(got)}`);
  return [`nearest: ${eventLine(nearest.event)}`, ...lines];
}

/** `expect.any(Number)` as it is written, not as the object that it is. */
function readable(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'asymmetricMatch' in value) return String(value);
  return value;
}
