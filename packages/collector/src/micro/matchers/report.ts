import type { MicroClient } from '../connect_micro.ts';
import { countLine, failureLine, refusalLine, show } from '../lines.ts';
import type { SeenEvent } from '../seen.ts';
import { type Expected, type Mismatch, mismatches } from './expected.ts';

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
