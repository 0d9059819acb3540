/** What is told alike of every chain that is verified: receipts and the audit log. */

/** Faults that are named; the rest is counted. */
const SHOWN = 20;

/** A place that is not as it was written. */
interface ToldFault {
  readonly writer: string;
  readonly segment: number;
  readonly offset: number;
  /** Of the record, where the line holds one. */
  readonly id?: string | undefined;
  readonly fault: string;
}

interface FaultWords {
  /** One record of the chain: `receipt`. */
  readonly thing: string;
  /** Each fault in words. */
  readonly meanings: Readonly<Record<string, string>>;
  /** Of all faults, which may be more than are given. */
  readonly count: number;
}

/** A line for each fault, and how many more there are. */
export function faultLines(faults: readonly ToldFault[], { thing, meanings, count }: FaultWords): string[] {
  const lines = faults.slice(0, SHOWN).map(({ writer, segment, offset, id, fault }) => {
    const name = `${writer}/${String(segment).padStart(15, '0')}`;
    const place = fault === 'cut' ? `${name}.cut` : `${name}.log at byte ${offset}`;
    return `NOT AS IT WAS WRITTEN: ${place}${id === undefined ? '' : `, ${thing} ${id}`}: ${meanings[fault]}`;
  });
  return count > SHOWN ? [...lines, `and ${count - SHOWN} more: --json`] : lines;
}

/** What one chain holds. `things`: what its records are called. */
export function chainLine(
  { writer, count, first, last, head, cut }: ToldChain,
  { things, besides = '' }: { readonly things: string; readonly besides?: string },
): string {
  const time = first === undefined ? '' : `, ${first} to ${last}`;
  const gone = cut ? `\n  ${cut.records} ${things} up to ${cut.through} were taken by age, the last at ${cut.at}` : '';
  return `${writer}: ${count} ${things}${time}${besides}${gone}\n  head ${head ?? '(none)'}`;
}

interface ToldChain {
  readonly writer: string;
  readonly count: number;
  readonly first?: string | undefined;
  readonly last?: string | undefined;
  readonly head?: string | null | undefined;
  readonly cut?: { readonly records: number; readonly through: unknown; readonly at: string } | undefined;
}

/** The last line. */
export const sumLine = (count: number, faultCount: number, things: string): string =>
  faultCount === 0 ? `All ${count} ${things} are as they were written.` : `${faultCount} faults in ${count} ${things}.`;
