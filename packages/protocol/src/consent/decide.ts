import { LIMITS } from '../limits.ts';
import type { FilteredCode } from '../reasons.ts';
import { type EventGate, type Gateable, gateEvent } from './gate_event.ts';
import type { SiteRules } from './policy.ts';
import { isPurpose, type Purpose } from './purposes.ts';
import { type ConsentStamp, stampFault } from './stamp.ts';

/** The latest withdrawals of one visitor by the clock that dates the choices, ms: of a purpose, or of everything (`*`). */
export type Withdrawals = { readonly [purpose in Purpose | '*']?: number | undefined };

/** All that a stamp is judged by. */
export interface Evidence {
  /** What stands in the batch where the event points, of any shape. */
  readonly stamp: unknown;
  /** When it was sent, by the clock that dated the choice, ms since the epoch. */
  readonly sentAt: number;
  /** The rules in force now. */
  readonly rules: SiteRules;
  /** Whether the stamp's receipt is the one that this collector would give for the same choice of the same visitor. */
  readonly isForged: boolean;
  /** Whether a policy with this hash was ever in force for the site. */
  readonly knowsPolicy: (hash: string) => boolean;
  readonly withdrawals?: Withdrawals | undefined;
  /** Whether the browser asks not to be followed (`Sec-GPC: 1`). */
  readonly gpc: boolean;
}

export type Permission =
  | { readonly purposes: ReadonlySet<Purpose>; readonly code?: undefined }
  | { readonly code: FilteredCode };

/**
 * What a stamp permits now: the state at capture, and the latest receipt, and the policy now, and Global Privacy Control.
 * Each can only take away. Without `audience` nothing is permitted, whatever a policy says.
 */
export function permit({ stamp, sentAt, rules, isForged, knowsPolicy, withdrawals, gpc }: Evidence): Permission {
  const fault = stampFault(stamp, sentAt, { choiceDays: rules.choice_days, futureMs: LIMITS.futureMs });
  if (fault) return { code: fault };
  const { purposes, at, policy } = stamp as ConsentStamp;
  if (isForged) return { code: 'consent_forged' };
  if (policy !== undefined && !knowsPolicy(policy)) return { code: 'policy_unknown' };
  const chosenAt = Date.parse(at);
  const isWithdrawn = (purpose: Purpose): boolean =>
    chosenAt <= (withdrawals?.['*'] ?? NEVER) || chosenAt <= (withdrawals?.[purpose] ?? NEVER);
  const permitted = new Set<Purpose>();
  for (const purpose of purposes) {
    // What asks nobody cannot be granted: the exempt stream has a way of its own.
    if (!isPurpose(purpose) || rules.purposes[purpose]?.basis !== 'consent' || isWithdrawn(purpose)) continue;
    if (!(gpc && rules.gpc_removes.includes(purpose))) permitted.add(purpose);
  }
  if (permitted.has('audience')) return { purposes: permitted };
  return { code: purposes.includes('audience') && isWithdrawn('audience') ? 'consent_withdrawn' : 'consent_denied' };
}

/** Before whatever a clock may say. */
const NEVER = Number.NEGATIVE_INFINITY;

export type Decision<E> = { readonly event: E; readonly code?: undefined } | { readonly code: FilteredCode };

/**
 * What becomes of one event: kept as it is, kept without the fields whose purposes were not granted, or filtered with its
 * reason. Pure: the same in the browser, in the collector and in an audit.
 *
 * @param evidence what its stamp is judged by
 * @param gateOf   gives the gate of a set of purposes, so that it is made once for all events that share it
 */
export function decide<E extends Gateable>(
  event: E,
  evidence: Evidence,
  gateOf: (purposes: ReadonlySet<Purpose>) => EventGate,
): Decision<E> {
  const permission = permit(evidence);
  return permission.code ? permission : gateEvent(event, gateOf(permission.purposes));
}
