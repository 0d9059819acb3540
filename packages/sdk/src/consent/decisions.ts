import {
  type BrowserPolicy,
  type Choice,
  type ConsentStamp,
  choiceFrom,
  LIMITS,
  type Purpose,
  type Signals,
} from '@parcours/protocol';
import type { Identity } from '../identity.ts';
import { insist } from '../insist.ts';
import { timeout } from '../post.ts';
import type { Scope } from '../scope.ts';
import { withFields } from '../serialise.ts';
import type { TracedState } from '../trace.ts';
import { isPolicy } from './browser_policy.ts';
import { createChoiceDate } from './choice_date.ts';
import type { ConsentStatus, Gate, Holdable } from './gate.ts';
import { createPermit, type Permit } from './permit.ts';
import type { ChoiceDetails } from './source.ts';

/** What the visitor permits, as far as it is known: what was said of it last, under the policy. */
export interface Decisions {
  /** Takes what a source says. */
  report(signals: Signals | undefined, details?: ChoiceDetails): void;
  /** The gate's, after it was looked at the clock: a grant ends in the page too. */
  status(): ConsentStatus;
  /** The page is seen: only now anything is asked for or decided. */
  show(): void;
  /** Whether what happens now is taken: a policy may forbid to hold anything. */
  takes(): boolean;
  /** No source will tell, as it seems: nothing is held until one does. */
  giveUp(): void;
  /** What the grant in force lets out. */
  permit(): Permit;
  /** The stamp of what happens now, as JSON. */
  stamp(): string;
  /** The same as long as the collector has given no receipt. */
  telling(): string | undefined;
  /** Another tab has chosen, and wrote so: what was not granted there is not granted here any more. */
  follow(written?: string | null): void;
  current(): Pick<TracedState, 'choice' | 'gpc' | 'policy'>;
}

/** What a decision does elsewhere. */
interface Effects {
  /** The present page is counted anew: what was counted is gone. */
  readonly recount: () => void;
  /** What waits is looked at again: there is another grant. */
  readonly regate: () => void;
  /** All that a grant has left on the device goes. `at`: it was taken back then, as the collector is told; else it has run out. */
  readonly erase: (at?: string) => void;
  /** Status, choice or policy may be others. */
  readonly changed: () => void;
}

const DAY_MS = 86_400_000;

/** As long as an answer is waited for, ms. */
const HANGING_MS = 10_000;

/**
 * Decides by the policy what a source's words mean for the gate: granted where `audience` is; pending where the choice is
 * open, too old, or not to be understood yet; denied where it is anything else, or cannot be read.
 *
 * A grant may come late, for the policy must be there; a stop is done when this returns. Storage is read where the words
 * may be a grant or are a denial, never before.
 */
export function createDecisions(
  { endpoint, site, policy: given }: { readonly endpoint: string; readonly site: string; readonly policy?: unknown },
  {
    gate,
    identity,
    effects,
  }: { readonly gate: Gate<Holdable>; readonly identity: Identity; readonly effects: Effects },
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Decisions {
  const { status } = gate;
  const dated = createChoiceDate();
  let policy: BrowserPolicy | undefined;
  let isShown = false;
  let signals: Signals | undefined;
  let details: ChoiceDetails | undefined;
  let endsAt = 0;
  let isGivenUp = false;
  /** The choice that stands is the same where a source repeats it. */
  let of: string;
  let choice: ConsentStamp | undefined;
  let removed: Purpose[] = [];
  let permit: Permit;
  let stamp: string;
  let telling: string;
  /** What a stamp tells besides, as long as there is no receipt. */
  let about: Partial<ConsentStamp>;
  let complaint: unknown;

  const complain = (why: string): void => {
    if (why !== complaint) console.error(`[parcours] ${why}: nothing is granted`);
    complaint = why;
  };

  const isHolding = (): boolean => !isGivenUp && policy?.before_choice !== 'drop';

  /** What is granted and what is denied, in our purposes. */
  const read = (source: string): readonly [Purpose[], Purpose[]] => {
    let said: Choice = { ...signals };
    if (source !== 'manual') {
      const mapping = policy?.sources?.[source];
      if (policy && !mapping) complain(`the policy maps no source ${source}`);
      said = choiceFrom(said, mapping ?? {});
    }
    const having = (value: boolean) => (Object.keys(said) as Purpose[]).filter((purpose) => said[purpose] === value);
    return [having(true), having(false)];
  };

  /** Lets out what a choice permits, and stamps it so. */
  const open = (next: ConsentStamp): void => {
    choice = next;
    stamp = JSON.stringify({ ...next, denied: undefined });
    telling = JSON.stringify({ ...next, ...about });
    permit = createPermit(policy!, next.purposes);
  };

  const judge = (): ConsentStatus => {
    const { source = 'manual', at, version, string, noticeHash, language } = details!;
    // The policy, the choice and its receipt, as an earlier grant has left them.
    const kept = Object.values(Object(signals)).includes(true) ? identity.stored() : {};
    if (!policy && isPolicy(kept.policy)) policy = kept.policy;
    const [granted, denied] = read(source);
    const before = kept.chosen;
    of = `${[source, granted, '', denied]}`;
    const chosenAt = dated.date(at, of, before);
    endsAt = chosenAt + (policy?.choice_days ?? LIMITS.choiceDays) * DAY_MS;
    choice = undefined;
    if (signals === undefined) return 'pending';
    if (
      Object(signals) !== signals ||
      !(chosenAt <= Date.now() + LIMITS.futureMs) ||
      `${string}`.length > LIMITS.consentStringChars
    ) {
      complain('the choice cannot be read');
      return 'denied';
    }
    if (Date.now() > endsAt) {
      // Unless the visitor has chosen anew in another tab.
      if ((before?.at as number) <= chosenAt && (kept.since || status() === 'granted')) effects.erase();
      return 'pending';
    }

    const isRemoved = (purpose: Purpose): boolean =>
      (scope.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true &&
      policy!.gpc.includes(purpose);
    const permitted = granted.filter((purpose) => policy?.purposes.includes(purpose));
    removed = permitted.filter(isRemoved);
    const purposes = permitted.filter((purpose) => !isRemoved(purpose));
    choice = { purposes, source, at: new Date(chosenAt).toISOString(), policy: policy?.hash, denied };
    if (!purposes.includes('audience')) {
      const isYes = granted.includes('audience');
      const isSaid = isYes || denied.includes('audience') || !Object.keys(signals)[0];
      if (source !== 'manual') return isSaid ? 'denied' : 'pending';
      if (!isSaid) complain('the choice names no audience');
      return isYes && !policy ? 'pending' : 'denied';
    }

    about = {
      denied: denied[0] && denied,
      consent_string: string,
      source_version: version,
      notice_hash: noticeHash,
      language: language ?? (scope.document?.documentElement?.lang || undefined),
    };
    open(choice);
    const gone = before?.granted.filter((purpose) => !granted.includes(purpose)) ?? [];
    // A tracker that was stopped is still told of a refusal, and grants nothing any more.
    if (signal.aborted) return status();
    // Of whoever goes on from here: after a reset that is another, to whom no receipt of before is given.
    const { receipt, campaign, withdrawn = [] } = identity.current();
    identity.keep({
      policy,
      chosen: { of, at: chosenAt, granted, stamp },
      receipt: before?.stamp === stamp ? receipt : undefined,
      campaign: campaign && permit.query(campaign),
      withdrawn: gone[0] ? [...withdrawn, { at: dated.takeBack(), purposes: gone }] : withdrawn,
    });
    effects.regate();
    return 'granted';
  };

  const decide = (isSaid?: boolean): void => {
    const before = status();
    let next: typeof before = 'pending';
    try {
      if (details && isShown) next = judge();
    } catch (error) {
      complain(`${error}`);
    }
    const isUncounted = next !== 'denied' && (before === 'denied' || (next !== before && !isHolding()));
    if (!isHolding()) gate.forgetHeld();
    // Once for each time that it is said: another tab may have granted since. What cannot be read takes nothing back.
    if (next === 'denied' && (isSaid || before !== next)) {
      effects.erase(choice && dated.takeBack(identity.stored().chosen?.at));
    }
    gate.decide(next);
    if (isUncounted) effects.recount();
    effects.changed();
  };

  const statusNow = (): ConsentStatus => {
    if (Date.now() > endsAt && status() === 'granted') decide();
    return status();
  };

  /** Decides once more on what was said, unless another tab has said something else since. */
  const revise = (): void => {
    if (status() !== 'granted' || identity.stored().chosen?.of === of) decide();
  };

  const obey = (found: unknown): boolean => {
    if (isPolicy(found)) {
      policy = found;
      revise();
      return true;
    }
    complain('the policy cannot be read');
    return false;
  };

  const stampNow = (): string => {
    const { receipt, chosen } = identity.current();
    return receipt && chosen?.stamp === stamp ? withFields(stamp, `"receipt":"${receipt}"`) : telling;
  };

  return {
    report(said, about = {}) {
      // What was repeated was too old; or a banner of the page's own, which knows no other way to tell.
      dated.hear(said === undefined && (endsAt ? Date.now() > endsAt : !about.source));
      isGivenUp = false;
      signals = said;
      details = about;
      decide(true);
    },
    status: statusNow,
    show() {
      isShown = true;
      decide();
      if (given === undefined) {
        void insist(
          async () => {
            const answer = await scope.fetch(new URL(`policy/${encodeURIComponent(site)}`, endpoint).href, {
              credentials: 'omit',
              referrerPolicy: 'no-referrer',
              signal: timeout(HANGING_MS),
            });
            // A page of somebody else's is no policy either.
            const found: unknown = await answer.json().catch(() => {});
            return signal.aborted || obey(found);
          },
          { scope, signal },
        )();
      } else if (given) obey(given);
    },
    takes() {
      return statusNow() === 'granted' || (status() === 'pending' && isHolding());
    },
    giveUp() {
      isGivenUp = true;
      revise();
    },
    permit: () => permit,
    stamp: stampNow,
    // The receipt is kept with the choice that was made last, maybe in another tab.
    telling: () => (identity.stored().chosen?.stamp === stamp ? telling : undefined),
    follow(written) {
      statusNow();
      if (identity.heard(written)) {
        // Whatever is decided from here on, it is not what was said before.
        signals = {};
        gate.decide('denied');
        effects.changed();
      }
      if (status() !== 'granted') return;
      const elsewhere = identity.stored().chosen?.granted;
      const both = choice!.purposes.filter((purpose) => !elsewhere || elsewhere.includes(purpose as Purpose));
      if (!choice!.purposes[both.length]) return;
      open({ ...choice!, purposes: both });
      effects.regate();
      effects.changed();
    },
    current: () => ({
      choice: choice && { ...choice, ...(status() === 'granted' && JSON.parse(stampNow())) },
      gpc: removed,
      policy,
    }),
  };
}
