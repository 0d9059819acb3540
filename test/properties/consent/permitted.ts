import type { Purpose } from '@parcours/protocol';
import { type Step, TABS, type Tab } from './steps.ts';

/** What may be kept and sent of each event at a moment, by the number of the event: purposes, none where nothing may. */
export type Permitted = ReadonlyMap<number, ReadonlySet<Purpose>>;

/** What the law says at a moment: a copy, which later steps do not change. */
export interface Ruling {
  readonly permitted: Permitted;
  /** Whether anything was ever granted. */
  readonly hasGranted: boolean;
  /** Whether the last word was a refusal. */
  readonly isTakenBack: boolean;
}

/** What is known of a tab. */
type TabState =
  | { readonly is: 'closed' | 'denied' }
  | { readonly is: 'pending'; readonly held: number[] }
  | { readonly is: 'granted'; readonly purposes: ReadonlySet<Purpose> };

/**
 * The law, told apart from any code that follows it: what a visitor's choices permit of each event, step by step.
 *
 * - Before the choice nothing may be kept or sent; a grant opens what its page has held, a refusal ends it, and so does the
 *   end of the page.
 * - What happens under a refusal is gone for good. A page that is still there when a grant comes after all is seen anew.
 * - A later choice never opens more of an event, and at once closes what it does not grant, in every tab.
 * - Global Privacy Control takes advertising away.
 */
export class Law {
  readonly #permitted = new Map<number, ReadonlySet<Purpose>>();
  /** The event that tells the page of a tab. */
  readonly #pages: Record<Tab, number> = { 0: -1, 1: -1 };
  readonly #tabs: Record<Tab, TabState> = { 0: { is: 'closed' }, 1: { is: 'closed' } };
  readonly #gpc: boolean;
  /** Events that say nothing but who it is. */
  readonly #identifying = new Set<number>();
  #chosen: readonly Purpose[] | undefined;
  #decided: 'granted' | 'denied' | undefined;
  #hasGranted = false;
  #count = 0;

  constructor(gpc: boolean) {
    this.#gpc = gpc;
  }

  /** The number of the event that the step captures, if it captures one. */
  take(step: Step): number | undefined {
    if (step.do === 'network' || step.do === 'wait') return undefined;
    const { tab } = step;
    if (step.do === 'load' || step.do === 'close') {
      this.#endPage(tab);
      this.#tabs[tab] = step.do === 'load' ? { is: 'pending', held: [] } : { is: 'closed' };
      if (step.do === 'close') return undefined;
      this.#pages[tab] = this.#capture(tab);
      return this.#pages[tab];
    }
    if (this.#tabs[tab].is === 'closed') return undefined;
    if (step.do === 'choose') this.#chosen = step.purposes;
    if (step.do === 'choose' || step.do === 'report') this.#decide(tab, this.#chosen);
    if (step.do !== 'track' && step.do !== 'identify') return undefined;
    if (step.do === 'identify') this.#identifying.add(this.#count);
    return this.#capture(tab);
  }

  /** The events that must reach the collector, now that nothing is taken back any more. */
  due(): readonly number[] {
    return [...this.#permitted]
      .filter(([number, purposes]) => purposes.has(this.#identifying.has(number) ? 'crm_join' : 'audience'))
      .map(([number]) => number);
  }

  now(): Ruling {
    return {
      permitted: new Map(this.#permitted),
      hasGranted: this.#hasGranted,
      isTakenBack: this.#decided === 'denied',
    };
  }

  tab(tab: Tab): TabState['is'] {
    return this.#tabs[tab].is;
  }

  /** What the visitor chose last, in any tab. */
  chosen(): readonly Purpose[] | undefined {
    return this.#chosen;
  }

  #capture(tab: Tab): number {
    const number = this.#count++;
    const state = this.#tabs[tab];
    if (state.is === 'pending') state.held.push(number);
    this.#permitted.set(number, state.is === 'granted' ? state.purposes : new Set());
    return number;
  }

  #endPage(tab: Tab): void {
    // What it held is gone with it: it was never permitted, and stays so.
    this.#tabs[tab] = { is: 'closed' };
  }

  #decide(tab: Tab, chosen: readonly Purpose[] | undefined): void {
    if (chosen === undefined) return;
    const purposes = new Set(chosen.filter((purpose) => !(this.#gpc && purpose.startsWith('ads_'))));
    const isGrant = purposes.has('audience');
    this.#decided = isGrant ? 'granted' : 'denied';
    this.#hasGranted ||= isGrant;
    const state = this.#tabs[tab];
    const held = state.is === 'pending' ? state.held : [];
    for (const [number, before] of this.#permitted) {
      this.#permitted.set(number, isGrant ? intersection(before, purposes) : new Set());
    }
    const opened = state.is === 'denied' ? [this.#pages[tab]] : held;
    if (isGrant) for (const number of opened) this.#permitted.set(number, purposes);
    this.#tabs[tab] = isGrant ? { is: 'granted', purposes } : { is: 'denied' };
    for (const other of TABS) {
      const its = this.#tabs[other];
      if (other === tab || its.is !== 'granted') continue;
      this.#tabs[other] = isGrant
        ? { is: 'granted', purposes: intersection(its.purposes, purposes) }
        : { is: 'denied' };
    }
  }
}

const intersection = (a: ReadonlySet<Purpose>, b: ReadonlySet<Purpose>): ReadonlySet<Purpose> =>
  new Set([...a].filter((purpose) => b.has(purpose)));
