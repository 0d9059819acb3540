import { DEFAULT_RULES } from '@parcours/protocol';
import { expect, it } from 'vitest';
import { observe } from '../testing/observe.ts';
import type { TracedState, TraceListener } from '../trace.ts';
import { type ConsentModeOutOptions, consentModeOut, SIGNAL_PURPOSES } from './consent_mode_out.ts';

/** A page with Google's tags in it, and the core's word on the choice. */
function setUp(options?: ConsentModeOutOptions, past?: unknown[]) {
  const page: Record<string, unknown> = past ? { dataLayer: past } : {};
  const observer = consentModeOut(options, page);
  let listener: TraceListener = () => {};
  observe(observer, undefined, {
    trace: (heard) => {
      listener = heard;
      const state: TracedState = { step: 'state', status: 'pending', held: [], queued: [] };
      heard(state);
      return () => state;
    },
  });
  const decide = (status: TracedState['status'], purposes?: string[], gpc?: TracedState['gpc']): void =>
    listener({
      step: 'state',
      status,
      held: [],
      queued: [],
      gpc,
      ...(purposes && { choice: { purposes, source: 'manual', at: '2026-11-22T10:00:00Z' } }),
    });
  const list = (name = 'dataLayer') => page[name] as ArrayLike<unknown>[];
  const commands = (name?: string) => list(name).map((entry) => [...Array.from(entry)]);
  return { list, commands, decide };
}

const DENIED = {
  ad_storage: 'denied',
  ad_user_data: 'denied',
  ad_personalization: 'denied',
  analytics_storage: 'denied',
  personalization_storage: 'denied',
};
const FIRST = [
  ['consent', 'default', { ...DENIED, wait_for_update: 500 }],
  ['set', 'ads_data_redaction', true],
];

it('denies everything first, in a list that Google reads as gtag made it', () => {
  const { commands, list } = setUp();
  expect(commands()).toEqual(FIRST);
  for (const entry of list()) expect(Object.prototype.toString.call(entry)).toBe('[object Arguments]');
});

it('tells each decision once, however often the core tells how things stand', () => {
  const { commands, decide } = setUp();
  decide('pending');
  decide('granted', ['audience']);
  decide('granted', ['audience']);
  decide('granted', ['audience', 'ads_measurement', 'ads_share', 'personalisation', 'crm_join']);
  decide('denied');
  decide('denied');
  expect(commands().slice(FIRST.length)).toEqual([
    ['consent', 'update', { ...DENIED, analytics_storage: 'granted' }],
    ['set', 'ads_data_redaction', true],
    ['consent', 'update', Object.fromEntries(Object.keys(DENIED).map((name) => [name, 'granted']))],
    ['set', 'ads_data_redaction', false],
    ['consent', 'update', DENIED],
    ['set', 'ads_data_redaction', true],
  ]);
});

it('tells a first refusal, for which the tags wait', () => {
  const { commands, decide } = setUp();
  decide('denied');
  expect(commands().slice(FIRST.length)).toEqual([
    ['consent', 'update', DENIED],
    ['set', 'ads_data_redaction', true],
  ]);
});

it('denies while the choice is open again', () => {
  const { commands, decide } = setUp();
  decide('granted', ['audience', 'ads_measurement']);
  decide('pending', ['audience', 'ads_measurement']);
  expect(commands().at(-2)).toEqual(['consent', 'update', DENIED]);
});

it('denies what Global Privacy Control has taken away', () => {
  const { commands, decide } = setUp();
  decide('granted', ['audience', 'ads_measurement', 'ads_share'], ['ads_measurement', 'ads_share']);
  expect(commands().at(-2)).toEqual(['consent', 'update', { ...DENIED, analytics_storage: 'granted' }]);
});

it('never passes ids on in links', () => {
  const { commands, decide } = setUp();
  decide('granted', ['audience', 'ads_measurement', 'ads_share']);
  expect(JSON.stringify(commands())).not.toContain('url_passthrough');
});

it('tells a list of another name, behind what is in it', () => {
  const { commands } = setUp({ name: 'gtmLayer' });
  expect(commands('gtmLayer')).toEqual(FIRST);
  const past = [['js', 0]];
  expect(setUp({}, past).commands()).toEqual([['js', 0], ...FIRST]);
});

it('is the default mapping of `consent_mode` the other way round', () => {
  const mapping = Object.entries(DEFAULT_RULES.sources.consent_mode ?? {}).flatMap(([purpose, signals = []]) =>
    signals.map((signal) => [signal, purpose]),
  );
  expect(SIGNAL_PURPOSES).toEqual(Object.fromEntries(mapping));
});
