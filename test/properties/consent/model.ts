import {
  type ConsentStamp,
  createEventGate,
  type EventGate,
  type EventRecord,
  gateEvent,
  type Purpose,
  permit,
  type Withdrawals,
} from '@parcours/protocol';
import { receiptIdOf, subjectOf } from '@parcours/store/receipts';
import { RULES } from './policy.ts';
import { GRANTABLE, type Step, TABS, type Tab } from './steps.ts';

/**
 * Browser, network and collector as the design has them, without clock, disk or wire: small enough to be run a hundred
 * thousand times. What decides is the protocol's own code; what is modelled is who keeps what, and in which order things
 * reach whom. The network may deliver late, out of order, and again.
 */
export interface Model {
  /** `number`: of the event that the step captures, if it captures one. */
  take(step: Step, number: number | undefined): void;
  /** One request that is under way or was, by a number of the caller's choice, reaches the collector. */
  arrive(choice: number): void;
  /** Events that lie on the device. */
  readonly device: () => readonly EventRecord[];
  /** Requests that were sent, the oldest first. */
  readonly sent: readonly Request[];
  /** Events that the collector has stored. */
  readonly rows: readonly Row[];
  /** Whether all that the browser has to tell has been taken. */
  readonly isQuiet: () => boolean;
  /** Who the visitor is by the collector's cookie. */
  readonly cookie: () => string | undefined;
  /** Whether a withdrawal of everything waits to be told. */
  readonly owes: () => boolean;
  /** Whether the collector knows that this visitor took everything back. */
  readonly isBlocked: (visitor: string) => boolean;
}

/** What a page sent. */
export interface Request {
  readonly visitor: string | undefined;
  /** What the visitor took back, with the time; the word `all` for everything. */
  readonly withdrawn: { readonly at: number; readonly purposes: readonly Purpose[] | 'all' } | undefined;
  readonly items: readonly Item[];
  /** Whether its answer reached the browser. */
  answered: boolean;
}

export interface Row {
  readonly event: EventRecord;
  /** When the visitor had chosen, ms. */
  readonly chosenAt: number;
}

/** A stamp that stands beside its event, as in the browser's queue. */
interface Item {
  readonly event: EventRecord;
  readonly stamp: ConsentStamp;
}

type TabState =
  | { readonly is: 'closed' | 'denied' }
  | { readonly is: 'pending'; readonly held: readonly EventRecord[] }
  | { readonly is: 'granted'; readonly stamp: ConsentStamp };

const KEY = new Uint8Array(32).fill(7);
const SITE = 'shop';

/** Hashes and gates are the same in every run: made once, a hundred thousand runs take seconds. */
const remembered = <T>(make: (name: string) => T): ((name: string) => T) => {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
};
const subjects = remembered((visitor) => subjectOf(KEY, SITE, visitor));
const gates = remembered((purposes) => createEventGate(RULES, new Set(purposes.split(' ') as Purpose[])));
const gateOf = (purposes: Iterable<string>): EventGate => gates([...purposes].join(' '));

const START = Date.parse('2026-11-22T10:00:00Z');

export function createModel(gpc: boolean): Model {
  const tabs: Record<Tab, TabState> = { 0: { is: 'closed' }, 1: { is: 'closed' } };
  const keys: Record<Tab, number | undefined> = { 0: undefined, 1: undefined };
  /** Counts the page of a tab. */
  const views: Record<Tab, () => void> = { 0: () => {}, 1: () => {} };
  let now = START;
  let chosen: { readonly purposes: readonly Purpose[]; readonly at: number } | undefined;
  let isUp = true;

  // The browser's own: what its tabs share.
  let visitor: string | undefined;
  let visitors = 0;
  let queue: readonly Item[] = [];
  /** What the collector's cookie says: out of the page's reach. */
  let cookie: string | undefined;
  let owed: Request['withdrawn'];

  // The collector's.
  const withdrawals = new Map<string, Record<string, number>>();
  const stored = new Set<string>();
  const rows: Row[] = [];
  const sent: Request[] = [];

  let ids = 0;
  /** Each of its own, with the number of what it tells at its end. */
  const newId = (number: number): string => {
    const count = (ids++).toString(16).padStart(8, '0');
    return `${count}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  };

  const gated = (event: EventRecord, stamp: ConsentStamp): EventRecord | undefined => {
    const result = gateEvent(event, gateOf(stamp.purposes));
    return result.code ? undefined : result.event;
  };

  const enqueue = (events: readonly EventRecord[], stamp: ConsentStamp): void => {
    visitor ??= `visitor-${visitors++}`;
    for (const event of events) {
      const kept = gated({ ...event, visitor_id: visitor }, stamp);
      if (kept) queue = [...queue, { event: kept, stamp }];
    }
  };

  const request = (one: Omit<Request, 'answered'>): void => {
    sent.push({ ...one, answered: false });
  };

  /** Everything that waits leaves, what was taken back first; without network it stays. */
  const send = (): void => {
    if (!isUp) return;
    // The marker has no id: whose it is the cookie says.
    if (owed?.purposes === 'all') request({ visitor: cookie, withdrawn: owed, items: [] });
    const isGranted = TABS.some((tab) => tabs[tab].is === 'granted');
    if (!isGranted || (queue.length === 0 && !owed)) return;
    request({ visitor, withdrawn: owed?.purposes === 'all' ? undefined : owed, items: queue });
  };

  const withdraw = (at: number): void => {
    if (visitor === undefined && cookie === undefined && queue.length === 0) return;
    owed = { at, purposes: 'all' };
    // The page knows whose choice it was while it lives; the marker on the device does not.
    if (isUp) request({ visitor: visitor ?? cookie, withdrawn: owed, items: [] });
    queue = [];
    visitor = undefined;
  };

  const reduce = (purposes: readonly string[], at: number): void => {
    const taken = GRANTABLE.filter((purpose) => !purposes.includes(purpose));
    queue = queue.flatMap(({ event, stamp }) => {
      const left = {
        ...stamp,
        purposes: stamp.purposes.filter((each) => !(taken as readonly string[]).includes(each)),
      };
      const kept = gated(event, left);
      // The stamp is what was permitted at capture; what it says is not rewritten.
      return kept ? [{ event: kept, stamp }] : [];
    });
    if (taken.length > 0 && visitor !== undefined && owed?.purposes !== 'all') owed = { at, purposes: taken };
  };

  const decide = (tab: Tab): void => {
    if (!chosen || tabs[tab].is === 'closed') return;
    const purposes = chosen.purposes.filter((purpose) => !(gpc && RULES.gpc_removes.includes(purpose)));
    const state = tabs[tab];
    if (!purposes.includes('audience')) {
      for (const each of TABS) if (each === tab || tabs[each].is === 'granted') tabs[each] = { is: 'denied' };
      withdraw(chosen.at);
      return;
    }
    const stamp = { purposes: [...purposes], source: 'manual', at: new Date(chosen.at).toISOString() };
    tabs[tab] = { is: 'granted', stamp };
    reduce(purposes, chosen.at - 1);
    for (const other of TABS) {
      const its = tabs[other];
      if (other === tab || its.is !== 'granted') continue;
      const both = its.stamp.purposes.filter((purpose) => purposes.includes(purpose as Purpose));
      tabs[other] = { is: 'granted', stamp: { ...its.stamp, purposes: both } };
    }
    if (state.is === 'pending') enqueue(state.held, stamp);
    if (state.is === 'denied') views[tab]();
  };

  const capture = (tab: Tab, number: number, fields: Partial<EventRecord>): void => {
    const event = {
      event_id: newId(number),
      type: 'seen',
      occurred_at: new Date(now).toISOString(),
      stamp: 0,
      props: { n: number, taste: number },
      ...fields,
      ...(keys[tab] !== undefined && { keys: { customer_id: `C-${keys[tab]}` } }),
    };
    const state = tabs[tab];
    if (state.is === 'pending') tabs[tab] = { is: 'pending', held: [...state.held, event] };
    if (state.is === 'granted') enqueue([event], state.stamp);
  };

  const arrive = (request: Request): void => {
    const subject = request.visitor === undefined ? undefined : subjects(request.visitor);
    if (subject && request.withdrawn) {
      const { at, purposes } = request.withdrawn;
      const latest = withdrawals.get(subject) ?? {};
      for (const purpose of purposes === 'all' ? ['*'] : purposes) latest[purpose] = Math.max(latest[purpose] ?? 0, at);
      withdrawals.set(subject, latest);
    }
    for (const { event, stamp } of request.items) {
      if (stored.has(event.event_id)) continue;
      const its = subjects(event.visitor_id ?? '');
      const told = { subject: its, at: stamp.at, purposes: stamp.purposes, source: stamp.source, policy: stamp.policy };
      const permission = permit({
        stamp,
        sentAt: now,
        rules: RULES,
        isForged: stamp.receipt !== undefined && stamp.receipt !== receiptIdOf(KEY, told),
        knowsPolicy: () => false,
        withdrawals: withdrawals.get(its) as Withdrawals | undefined,
        gpc,
      });
      if (permission.code) continue;
      const result = gateEvent(event, gateOf(permission.purposes));
      if (result.code) continue;
      stored.add(event.event_id);
      rows.push({ event: result.event, chosenAt: Date.parse(stamp.at) });
    }
    if (request.answered) return;
    request.answered = true;
    const taken = new Set(request.items.map(({ event }) => event.event_id));
    queue = queue.filter(({ event }) => !taken.has(event.event_id));
    if (request.withdrawn && request.withdrawn === owed) owed = undefined;
    if (request.withdrawn?.purposes === 'all') cookie = undefined;
    else if (request.items.length > 0) cookie = request.visitor;
  };

  return {
    take(step, number) {
      now += 1_000;
      if (step.do === 'network') isUp = step.up;
      else if (step.do === 'load' || step.do === 'close') {
        tabs[step.tab] = step.do === 'load' ? { is: 'pending', held: [] } : { is: 'closed' };
        keys[step.tab] = undefined;
        if (step.do === 'load' && number !== undefined) {
          const campaign = step.campaign ? `?utm_source=u${number}` : '';
          const page = { url: `https://shop.example/${number}${campaign}` };
          views[step.tab] = () => capture(step.tab, number, { type: 'page_view', page });
          views[step.tab]();
        }
      } else if (step.do === 'choose') {
        if (tabs[step.tab].is === 'closed') return;
        chosen = { purposes: step.purposes, at: now };
        decide(step.tab);
      } else if (step.do === 'report') decide(step.tab);
      else if (step.do === 'reset') {
        if (tabs[step.tab].is === 'closed') return;
        keys[step.tab] = undefined;
        if (visitor !== undefined) visitor = `visitor-${visitors++}`;
      } else if (step.do === 'track' && number !== undefined) capture(step.tab, number, {});
      else if (step.do === 'identify' && number !== undefined) {
        keys[step.tab] = number;
        capture(step.tab, number, { type: 'identify' });
      }
      send();
    },
    arrive: (choice) => {
      const request = sent[choice % Math.max(1, sent.length)];
      if (request) arrive(request);
    },
    device: () => queue.map(({ event }) => event),
    sent,
    rows,
    isQuiet: () => queue.length === 0 && !owed,
    cookie: () => cookie,
    owes: () => owed?.purposes === 'all',
    isBlocked: (visitor) => withdrawals.get(subjects(visitor))?.['*'] !== undefined,
  };
}
