import type { EventRecord } from '@parcours/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createModel, type Model, type Request } from './model.ts';
import { Law, type Permitted } from './permitted.ts';
import { breach, type Seen } from './seen.ts';
import { type Step, step } from './steps.ts';

/** Sequences in one run; `TEST_RUNS` asks for more, `TEST_SEED` for one that was printed. */
const RUNS = Number(process.env.TEST_RUNS ?? 100_000);
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

/** The network's part: a request that was sent arrives, in any order, and any number of times. */
const arrival = fc.record({ do: fc.constant('arrive' as const), choice: fc.nat(30) });

type Turn = Step | { readonly do: 'arrive'; readonly choice: number };

const turns = fc
  .array(fc.oneof({ weight: 2, arbitrary: step as fc.Arbitrary<Turn> }, { weight: 1, arbitrary: arrival }), {
    maxLength: 24,
    size: 'max',
  })
  .map((some): readonly Turn[] => [{ do: 'load', tab: 0, campaign: true }, ...some]);

const seen = ({ event_id, type, page, keys, props }: EventRecord): Seen => ({
  number: Number.parseInt(event_id.slice(-12), 16),
  identifies: type === 'identify',
  campaign: page?.url.includes('utm_') ?? false,
  keys: keys?.customer_id !== undefined,
  taste: props?.taste !== undefined,
});

/** What breaks the law in what is told of some events. */
const breaches = (events: readonly EventRecord[], permitted: Permitted): readonly string[] =>
  events.flatMap((event) => breach(seen(event), permitted) ?? []);

/** `toEqual` takes longer than a run: it is asked only to tell what was found. */
const none = (found: readonly unknown[]): void => {
  if (found.length > 0) expect(found).toEqual([]);
};

const visitorOf = (event: EventRecord): string => event.visitor_id ?? '';

it(`holds to the law on the device, on the wire and in the collector (${RUNS} runs, seed ${SEED})`, () => {
  fc.assert(
    fc.property(turns, fc.boolean(), (sequence, gpc) => {
      const law = new Law(gpc);
      const model = createModel(gpc);
      /** Withdrawals that have reached the collector, by visitor: nothing chosen before may be stored any more. */
      const blocked = new Map<string, number>();
      /** Of each visitor whom the collector knew by its cookie when everything was taken back, the ids. */
      let gone: Set<string>[] = [];
      for (const turn of sequence) {
        const [wasSent, wasStored] = [model.sent.length, model.rows.length];
        if (turn.do === 'arrive') {
          const cookie = model.cookie();
          model.arrive(turn.choice);
          const next = model.cookie();
          // What was sent before and comes late may give the cookie to another id: the marker is told of whichever is there.
          if (cookie && next) for (const ids of gone) if (ids.has(cookie)) ids.add(next);
          // The answer to an earlier withdrawal, late, takes the cookie of whoever has come since: nobody is left to be told of.
          const isTaken = cookie && !next && model.sent[turn.choice % model.sent.length]?.visitor !== cookie;
          if (isTaken) gone = gone.filter((ids) => !ids.has(cookie));
          const stored = model.rows.slice(wasStored);
          none(stored.filter(({ event, chosenAt }) => chosenAt <= (blocked.get(visitorOf(event)) ?? 0)));
          noteBlocked(model, turn.choice, blocked);
        } else {
          const [cookie, owed] = [model.cookie(), model.owes()];
          model.take(turn, law.take(turn));
          const first = model.sent[wasSent];
          if (owed && first) expect(first.withdrawn?.purposes).toBe('all');
          if (turn.do === 'choose' && law.tab(turn.tab) === 'denied' && cookie) gone.push(new Set([cookie]));
        }
        const { permitted } = law.now();
        none(breaches(model.device(), permitted));
        for (const { items } of model.sent.slice(wasSent)) {
          none(
            breaches(
              items.map(({ event }) => event),
              permitted,
            ),
          );
        }
      }
      everythingDueArrives(model, law);
      none(gone.filter((ids) => ![...ids].some(model.isBlocked)));
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 600_000);

/** Once a withdrawal of everything has arrived, what its visitor had chosen before is void. */
function noteBlocked(model: Model, choice: number, blocked: Map<string, number>): void {
  const request: Request | undefined = model.sent[choice % Math.max(1, model.sent.length)];
  const { visitor, withdrawn } = request ?? {};
  if (visitor !== undefined && withdrawn?.purposes === 'all') blocked.set(visitor, withdrawn.at);
}

/** Fail-closed must not mean lost: with the network back, what is granted still is stored, whole. */
function everythingDueArrives(model: Model, law: Law): void {
  const up: Step = { do: 'network', up: true };
  model.take(up, law.take(up));
  for (let request = 0; request < model.sent.length; request++) model.arrive(request);
  if (law.tab(0) !== 'granted' && law.tab(1) !== 'granted') return;
  expect(model.isQuiet()).toBe(true);
  const stored = new Set(model.rows.map(({ event }) => seen(event).number));
  expect(law.due().filter((number) => !stored.has(number))).toEqual([]);
}
