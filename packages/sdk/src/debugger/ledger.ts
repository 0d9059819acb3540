import type { DropCode, FailedCode, FilteredCode } from '@parcours/protocol';
import type { Traced, TracedState, TraceStep } from '../trace.ts';
import { fieldsOf } from './fields.ts';

/** What has become of an event so far. */
export const FATES = ['held', 'queued', 'sent', 'refused', 'lost'] as const;

export type Fate = (typeof FATES)[number];

/** Why: the protocol's codes, and what it needs none for. */
export type Why = FilteredCode | DropCode | FailedCode | 'duplicate' | 'elsewhere' | 'unanswered';

/** An event as the ledger knows it. Neither its id nor any value of it. */
export interface Entry {
  readonly type: string;
  /** When it happened, ms since the epoch. */
  readonly at: number;
  fate: Fate;
  why?: Why | undefined;
  /** Fields that were taken away, by their columns. */
  without: readonly string[];
}

/** What became of each event, from the steps of the core. */
export interface Ledger {
  hear(step: TraceStep): void;
  /** Books what a state tells by absence: asked once a task has ended. */
  settle(state: TracedState): void;
  /** Newest first, as many as are kept. */
  entries(): readonly Entry[];
  /** Of all, also those that are kept no longer. */
  counts(): Readonly<Record<Fate, number>>;
}

/** Entries that are kept; the oldest that are settled go. */
const MOST = 200;

const isOpen = ({ fate }: Entry): boolean => fate === 'held' || fate === 'queued';

/** Starts empty. */
export function createLedger(): Ledger {
  const entries = new Map<string, Entry>();
  /** The fields of events on their way, as they were captured. */
  const fields = new Map<string, readonly string[]>();
  const gone: Record<Fate, number> = { held: 0, queued: 0, sent: 0, refused: 0, lost: 0 };
  let status: TracedState['status'] = 'pending';
  /** Losses whose events the next state tells. */
  let lost: DropCode[] = [];
  let made = 0;

  const add = (id: string, entry: Entry): Entry => {
    entries.set(id, entry);
    for (const [oldest, old] of entries) {
      if (entries.size <= MOST) break;
      if (isOpen(old)) continue;
      gone[old.fate]++;
      entries.delete(oldest);
    }
    return entry;
  };

  const find = ({ id, text, keys }: Traced, fate: Fate): Entry => {
    const known = entries.get(id);
    if (known) return known;
    fields.set(id, [...fieldsOf(text), ...fieldsOf(`{"keys":${keys || '{}'}}`)]);
    const { type, occurred_at } = JSON.parse(text) as { readonly type: string; readonly occurred_at: string };
    return add(id, { type, at: Date.parse(occurred_at), fate, without: [] });
  };

  const book = (entry: Entry | undefined, fate: Fate, why?: Why): void => {
    if (entry) Object.assign(entry, { fate, why });
  };

  /** Books what a state says outright: in the middle of a task, what is missing from it may be on its way. */
  const note = (state: TracedState): ReadonlySet<string> => {
    status = state.status;
    const open = new Set<string>();
    for (const fate of ['held', 'queued'] as const) {
      for (const event of state[fate]) {
        open.add(event.id);
        book(find(event, fate), fate);
      }
    }
    // A stop empties everything.
    if (status === 'denied') {
      for (const entry of entries.values()) {
        if (isOpen(entry)) book(entry, 'refused', entry.fate === 'held' ? 'consent_denied' : 'consent_withdrawn');
      }
    }
    return open;
  };

  const settle = (state: TracedState): void => {
    const open = note(state);
    for (const [id, entry] of entries) {
      if (open.has(id)) continue;
      fields.delete(id);
      if (!isOpen(entry)) continue;
      // It was let go, no choice came in time, or another tab has brought it to its end.
      if (lost[0]) book(entry, 'lost', lost.shift());
      else if (entry.fate === 'held') book(entry, 'refused', 'unanswered');
      else book(entry, 'sent', 'elsewhere');
    }
    lost = [];
  };

  return {
    settle,
    hear(step) {
      if (step.step === 'state') {
        note(step);
      } else if (step.step === 'captured') {
        find(step, status === 'pending' ? 'held' : 'queued');
      } else if (step.step === 'queued') {
        const entry = find(step, 'queued');
        const left = new Set(fieldsOf(step.text));
        book(entry, 'queued');
        entry.without = (fields.get(step.id) ?? []).filter((field) => !left.has(field));
      } else if (step.step === 'refused') {
        const { id = `${made++}`, type, code } = step;
        book(entries.get(id) ?? add(id, { type, at: Date.now(), fate: 'refused', without: [] }), 'refused', code);
        fields.delete(id);
      } else if (step.step === 'dropped') {
        const { code, count } = step;
        // Never captured, so nobody knows what they were.
        if (/^(not_serialisable|before_send)$/.test(code))
          add(`${made++}`, { type: '?', at: Date.now(), fate: 'lost', why: code, without: [] });
        // Failed ones are booked by the answer that tells which.
        else if (code !== 'failed') for (let n = 0; n < count; n++) lost.push(code);
      } else {
        step.items.forEach((item, index) => {
          const entry = find(item, 'queued');
          const { status = 'retry', code } = step.reply?.results?.[index] ?? {};
          if (status === 'accepted') book(entry, 'sent');
          else if (status === 'duplicate') book(entry, 'sent', status);
          else if (status !== 'retry') book(entry, status === 'failed' ? 'lost' : 'refused', code as Why);
        });
      }
    },
    entries: () => [...entries.values()].reverse(),
    counts() {
      const counts = { ...gone };
      for (const { fate } of entries.values()) counts[fate]++;
      return counts;
    },
  };
}
