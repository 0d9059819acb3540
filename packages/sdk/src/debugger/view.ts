import type { Purpose } from '@parcours/protocol';
import type { TracedState } from '../trace.ts';
import { neededFor } from './fields.ts';
import { type Entry, FATES, type Fate, type Ledger } from './ledger.ts';
import type { Texts } from './texts/texts.ts';

/** A line of what stands about the choice: a name and what it is. */
export type Line = readonly [name: string, value: string];

/** An event in words. */
export interface EventView {
  readonly at: number;
  readonly type: string;
  readonly why: string;
}

/** Events of one fate. */
export interface FateView {
  readonly fate: Fate;
  readonly name: string;
  readonly count: number;
  readonly events: readonly EventView[];
}

/** All that is shown and reported, in words. */
export interface View {
  readonly status: string;
  readonly meaning: string;
  readonly lines: readonly Line[];
  readonly fates: readonly FateView[];
}

/** What the page and its browser say besides. */
export interface Surroundings {
  readonly texts: Texts;
  /** Whether the browser asks not to be followed. */
  readonly isGpc: boolean;
  /** Whether the receipt's id may be told: on the page, not in a report that leaves it. */
  readonly isPrivate: boolean;
}

/** Puts state and ledger into words. */
export function viewOf(state: TracedState, ledger: Ledger, { texts, isGpc, isPrivate }: Surroundings): View {
  const { status, choice, policy, gpc = [] } = state;
  const counts = ledger.counts();
  const entries = ledger.entries();
  const granted = choice?.purposes ?? [];
  const denied = choice?.denied ?? [];
  const unknown = (policy?.purposes ?? []).filter((one) => ![...granted, ...denied, ...gpc].includes(one));
  const name = (purpose: string): string => `${texts.purposes[purpose as Purpose] ?? ''} (${purpose})`.trim();
  const list = (purposes: readonly string[]): string => purposes.map(name).join(', ') || texts.none;
  const receipt = choice?.receipt;

  const why = ({ fate, why, type, without }: Entry): string => {
    const because = texts.because as Readonly<Record<string, string>>;
    const reason = why
      ? ((texts.codes as Readonly<Record<string, string>>)[why] ?? because[why] ?? why)
      : because[fate];
    const needs = (kind: 'events' | 'fields', name: string): string =>
      ` (${texts.needs} ${neededFor(policy, kind, name).join(' / ')})`;
    return (
      reason +
      (why === 'consent_denied' ? needs('events', granted.includes('audience') ? type : '*') : '') +
      (without[0] ? `, ${texts.without} ${without.map((field) => field + needs('fields', field)).join(', ')}` : '')
    );
  };

  return {
    status: texts.status[status],
    meaning: texts.meaning[status],
    lines: [
      [texts.granted, list(granted)],
      [texts.denied, list(denied)],
      [texts.unknown, list(unknown)],
      ['Global Privacy Control', gpc[0] ? `${texts.gpcTook} ${gpc.join(', ')}` : isGpc ? texts.gpcOn : texts.gpcOff],
      ...(choice
        ? ([
            [texts.source, choice.source],
            [texts.at, new Date(choice.at).toLocaleString(texts.locale)],
            [texts.receipt, receipt ? (isPrivate ? texts.given : receipt) : texts.awaited],
          ] as const)
        : []),
      [texts.policy, policy?.hash ?? texts.none],
    ],
    fates: FATES.map((fate) => ({
      fate,
      name: texts.fates[fate],
      count: counts[fate],
      events: entries.filter((entry) => entry.fate === fate).map((entry) => ({ ...entry, why: why(entry) })),
    })),
  };
}
