import type { ChainCut } from './cut.ts';
import type { ChainLine } from './read.ts';
import type { ChainKind, ChainRecord } from './record.ts';

/** A line whose signature was checked. */
export type JudgedLine<R> = ChainLine<R> & {
  /** Absent where there is no record. */
  readonly hash?: string;
  readonly isSigned: boolean;
};

/** One writer's chain as it was found. */
export interface CheckedChain {
  readonly writer: string;
  readonly records: number;
  /** Records that were written and never acknowledged: the disk failed, and the chain went on from the one before. */
  readonly unacknowledged: number;
  /** Hash of the last record: whoever keeps it can tell later whether the end was cut off. Null where there is none. */
  readonly head: string | null;
  /** When the first and the last were written. */
  readonly first?: string;
  readonly last?: string;
  /** What age took from its beginning, as the newest cut tells: records in all, up to when they were written, and when they went. */
  readonly cut?: { readonly records: number; readonly through: string; readonly at: string };
}

/** What is wrong with a record of a chain, or between two. */
export interface ChainFault {
  readonly writer: string;
  readonly segment: number;
  readonly offset: number;
  /** Of the record; absent where the line holds none. */
  readonly id?: string;
  readonly fault: ChainFaultCode;
}

/** Every fault with its words. */
export const CHAIN_FAULTS = {
  checksum: 'the line was altered: its checksum does not fit',
  shape: 'the line was altered: it has no checksum',
  too_long: 'the line was altered: it is too long',
  not_a_record: 'the line holds no record',
  signature: 'the record was altered: no key given signed it as it is',
  gap: 'the record before it is missing',
  order: 'the record was moved or repeated: the one it names is elsewhere',
  head: 'the chain ends before the head given: records after this place are missing',
  cut: 'the record of what age took from the chain is not as it was written, or one of them is missing',
} as const;

export type ChainFaultCode = keyof typeof CHAIN_FAULTS;

interface Place {
  readonly segment: number;
  readonly index: number;
}

export interface ChainCheck<R> {
  take(line: JudgedLine<R>): void;
  end(): { readonly chain: CheckedChain; readonly faults: readonly ChainFault[] };
}

/**
 * Follows one chain line by line. Every record must name the one before it; only the first of a segment may go back to an
 * earlier one, past records that the disk refused and nobody was promised. It holds the hashes since the last segment
 * that went on from its predecessor's end, some megabytes.
 *
 * After a line that cannot be trusted the next is taken at its word, so that one altered byte is one fault; and so is the
 * first of a chain that is not read whole.
 */
export function createChainCheck<R extends ChainRecord>(
  { idOf, timeOf }: ChainKind<R>,
  writer: string,
  {
    head,
    isWhole,
    cut,
  }: { readonly head: string | undefined; readonly isWhole: boolean; readonly cut?: ChainCut | undefined },
): ChainCheck<R> {
  const faults: { -readonly [Key in keyof ChainFault]: ChainFault[Key] }[] = [];
  /** Faults for a record that is missing, by its hash: it may turn up later. */
  const missing = new Map<string, (typeof faults)[number]>();
  /** Null is the beginning: where the disk refused the very first, the next begins there once more. */
  let seen = new Map<string | null, Place>([[cut?.head ?? null, { segment: -1, index: 0 }]]);
  let last: string | null = cut?.head ?? null;
  let isTrusted = isWhole;
  let segment = -1;
  let end = { segment: 0, offset: 0 };
  let index = 0;
  let records = 0;
  let unacknowledged = 0;
  let first: string | undefined;
  let latest: string | undefined;
  let isHeadSeen = head === undefined || head === cut?.head;

  function note(line: JudgedLine<R>, fault: ChainFaultCode): (typeof faults)[number] {
    const { segment, offset, record } = line;
    const noted = { writer, segment, offset, ...(record && { id: idOf(record) }), fault };
    faults.push(noted);
    return noted;
  }

  function place(line: JudgedLine<R>, previous: string | null, hash: string): void {
    const isFirst = line.segment !== segment;
    if (!isTrusted || previous === last) {
      // The segments before are behind us for good: this one goes on from their end.
      if (isFirst && last !== null) seen = new Map([[last, seen.get(last) ?? { segment, index }]]);
      return;
    }
    const named = seen.get(previous);
    if (!named) {
      const fault = note(line, 'gap');
      if (previous !== null) missing.set(previous, fault);
    } else if (isFirst && !seen.has(hash)) unacknowledged += index - named.index;
    else note(line, 'order');
  }

  return {
    take(line) {
      end = line;
      const { record, hash } = line;
      if (line.fault !== undefined) note(line, line.fault);
      else if (hash === undefined || !line.isSigned) note(line, 'signature');
      if (!record || hash === undefined || !line.isSigned) {
        isTrusted = false;
        segment = line.segment;
        if (record) records += 1;
        return;
      }
      records += 1;
      const elsewhere = missing.get(hash);
      if (elsewhere) {
        elsewhere.fault = 'order';
        missing.delete(hash);
      }
      place(line, record.previous, hash);
      segment = line.segment;
      index += 1;
      seen.set(hash, { segment, index });
      last = hash;
      isTrusted = true;
      if (hash === head) isHeadSeen = true;
      first ??= timeOf(record);
      latest = timeOf(record);
    },
    end() {
      if (!isHeadSeen) faults.push({ writer, segment: end.segment, offset: end.offset, fault: 'head' });
      return {
        chain: {
          writer,
          records,
          unacknowledged,
          head: last,
          ...(first !== undefined && { first }),
          ...(latest !== undefined && { last: latest }),
          ...(cut && { cut: { records: cut.total, through: cut.through, at: cut.at } }),
        },
        faults,
      };
    },
  };
}
