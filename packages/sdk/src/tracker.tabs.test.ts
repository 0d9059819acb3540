import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { createTabs, slowPolicy } from './testing/tabs.ts';
import type { Tracker } from './tracker_types.ts';

const YES = { audience: true };
const ALL = { audience: true, ads_measurement: true, crm_join: true };

let tabs: ReturnType<typeof createTabs>;
let opened: Tracker[];

const open: typeof tabs.open = (...args) => {
  const tab = tabs.open(...args);
  opened.push(tab);
  return tab;
};
const types = () => tabs.collector.events().map(({ type }) => type);
const kept = () => localStorage.getItem(tabs.idKey) ?? '';
/** Goes on as the network allows, every tab hearing of the others. */
const settle = async (): Promise<void> => {
  await pass(1_000);
  tabs.told();
  await pass(1_000);
};

/** A tab that goes on with what an earlier page has kept, while the policy is asked for anew. */
async function openWithKeptPolicy(choice: object = ALL) {
  const first = tabs.open();
  first.consent(choice);
  first.stop();
  await pass(1);
  const policy = slowPolicy(tabs.collector.fetch);
  const tab = open({ policy: undefined }, { fetch: policy.fetch });
  tab.consent(choice);
  expect(tab.consent()).toBe('granted');
  return { tab, come: policy.come };
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  tabs = createTabs();
  opened = [];
});
afterEach(async () => {
  for (const tab of opened) {
    tab.consent({});
    tab.stop();
  }
  await pass(1);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('what another tab has withdrawn', () => {
  it('stays withdrawn where the policy comes afterwards', async () => {
    const { tab, come } = await openWithKeptPolicy();
    open().consent({ audience: false });
    tabs.told();
    expect(tab.consent()).toBe('denied');
    come();
    await pass(10);
    // Not for a moment: another tab that hears of it would put it right.
    expect(tab.consent()).toBe('denied');
    expect(kept()).not.toContain('visitor_id');
    await settle();
    tab.track('after');
    await settle();
    expect(tab.consent()).toBe('denied');
    expect(kept()).toBe('');
    expect(types()).toEqual([]);
  });

  it('stays withdrawn where the policy comes before this tab has heard of it', async () => {
    const { tab, come } = await openWithKeptPolicy();
    open().consent({ audience: false });
    come();
    await pass(10);
    tabs.told();
    tab.track('after');
    await settle();
    expect(tab.consent()).toBe('denied');
    expect(kept()).toBe('');
    expect(types()).toEqual([]);
  });

  it.each([
    ['and the collector does not know yet', 'down'],
    ['and the collector knows', 'up'],
  ] as const)('is not stored again by what this tab captures before it hears, %s', async (_when, weather) => {
    const [here, there] = [open(), open()];
    for (const tab of [here, there]) tab.consent(YES);
    here.track('before');
    await settle();
    // Old enough that the session is written anew.
    await pass(60_000);
    tabs.collector.set(weather);
    there.consent({ audience: false });
    await pass(10);
    here.track('between');
    tabs.told();
    expect(here.consent()).toBe('denied');
    expect(kept()).not.toContain('visitor_id');
    await settle();
    tabs.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await settle();
    expect(types()).toEqual(['before']);
    expect(tabs.disks.items(tabs.name)).toEqual([]);
  });
});

describe('what another tab has granted', () => {
  it('is not taken back where the policy comes late to a tab that was refused', async () => {
    const policy = slowPolicy(tabs.collector.fetch);
    const refused = open({ policy: undefined }, { fetch: policy.fetch });
    refused.consent({ audience: false });
    await pass(10);
    const there = open();
    there.consent(YES);
    const visitor = there.visitorId()!;
    policy.come();
    await settle();
    expect(there.consent()).toBe('granted');
    expect(there.visitorId()).toBe(visitor);
    expect(kept()).toContain(visitor);
    expect(tabs.collector.withdrawals).toEqual([]);
  });

  it('is taken back by a tab that was refused before and is refused once more', async () => {
    const [here, there] = [open(), open()];
    here.consent({ audience: false });
    there.consent(YES);
    tabs.told();
    await pass(10);
    here.consent({ audience: false });
    tabs.told();
    expect(there.consent()).toBe('denied');
    expect(kept()).not.toContain('visitor_id');
  });
});

describe('what another tab has narrowed', () => {
  it('is narrow here, at once, for what waits too', async () => {
    tabs.collector.set('down');
    const [here, there] = [open(), open()];
    for (const tab of [here, there]) tab.consent(ALL);
    here.identify('C-1');
    here.track('a');
    there.consent({ audience: true, crm_join: false });
    tabs.told();
    here.track('b');
    tabs.collector.set('up');
    await settle();
    await pass(400_000);
    expect(types()).toEqual(['a', 'b']);
    expect(JSON.stringify(tabs.collector.events())).not.toContain('C-1');
  });

  it.each([
    ['after', true],
    ['before', false],
  ])('stays narrow where the policy comes %s this tab has heard of it', async (_when, isTold) => {
    const { tab, come } = await openWithKeptPolicy();
    const there = open();
    there.consent(YES);
    if (isTold) tabs.told();
    const before = JSON.parse(kept());
    come();
    await pass(10);
    tabs.told();
    tab.identify('C-1');
    tab.track('after');
    await settle();
    expect(JSON.stringify(tabs.collector.events())).not.toContain('C-1');
    expect(types()).toEqual(['after']);
    // The choice that stands is the one that was made last.
    expect(JSON.parse(kept()).chosen).toEqual(before.chosen);
  });

  it('is narrow for what a page that is gone has left, though the network is away', async () => {
    tabs.collector.set('down');
    const gone = tabs.open();
    gone.consent(ALL);
    gone.identify({ customer_id: 'C-1' });
    gone.track('note');
    await pass(100);
    gone.stop();
    await pass(1);
    const left = () =>
      tabs.disks
        .items(tabs.name)
        .map(({ text }) => text)
        .join();
    expect(left()).toContain('C-1');
    open().consent({ audience: true, crm_join: false });
    await pass(1_000);
    expect(left()).toContain('"note"');
    expect(left()).not.toContain('C-1');
  });

  it('is narrow, while this tab is sending what a page that is gone has left, for all that is not under way yet', async () => {
    tabs.collector.set('down');
    const gone = tabs.open();
    gone.consent(ALL);
    gone.identify({ customer_id: 'C-1' });
    for (let count = 0; count < 249; count++) gone.track('note');
    await pass(100);
    gone.stop();
    await pass(1);
    const [here, there] = [open(), open()];
    const narrow = (): void => {
      there.consent({ audience: true, crm_join: false });
      tabs.told();
    };
    tabs.collector.set(({ events }) => {
      if (tabs.collector.seen.length === 1) narrow();
      return { results: events.map(({ event_id }) => ({ event_id, status: 'accepted' })) };
    });
    here.consent(ALL);
    here.track('own');
    await settle();
    await pass(60_000);
    const [first, ...later] = tabs.collector.seen;
    expect(first?.events).toHaveLength(100);
    expect(JSON.stringify(first)).toContain('C-1');
    expect(JSON.stringify(later)).not.toContain('C-1');
    expect(types()).toHaveLength(251);
  });

  it('stays narrow where a source of this tab that never spoke is given up', async () => {
    const here = open({ consent: { name: 'cmp', start: () => {} } });
    here.consent(ALL);
    const there = open();
    there.consent(YES);
    tabs.told();
    await pass(31_000);
    here.identify('C-1');
    here.track('a');
    await settle();
    expect(types()).toEqual(['a']);
    expect(JSON.parse(kept()).chosen.granted).toEqual(['audience']);
  });

  it('is as wide as it was where the tab says so anew', async () => {
    const [here, there] = [open(), open()];
    for (const tab of [here, there]) tab.consent(ALL);
    there.consent(YES);
    tabs.told();
    await pass(10);
    here.consent(ALL);
    here.identify('C-1');
    await settle();
    expect(types()).toEqual(['identify']);
  });
});

describe('who logged out in another tab', () => {
  it('is told of no more, and by no key of what comes after', async () => {
    const [here, there] = [open(), open()];
    for (const tab of [here, there]) {
      tab.consent(ALL);
      tab.identify('C-1');
    }
    await settle();
    here.track('mine');
    await settle();
    there.reset();
    here.track('scrolled');
    await settle();
    here.track('left');
    await settle();
    const [mine, ...others] = tabs.collector.events().filter(({ type }) => type !== 'identify');
    expect(mine?.keys).toEqual({ customer_id: 'C-1' });
    expect(others.map(({ type, keys }) => [type, keys])).toEqual([
      ['scrolled', undefined],
      ['left', undefined],
    ]);
    expect(new Set(others.map(({ visitor_id }) => visitor_id))).toEqual(new Set([there.visitorId()]));
  });

  it('does not keep whoever says here who it is from being known', async () => {
    const [here, there] = [open(), open()];
    for (const tab of [here, there]) tab.consent(ALL);
    here.track('a');
    await settle();
    there.reset();
    await settle();
    here.identify('C-2');
    here.track('b');
    await settle();
    expect(tabs.collector.events().map(({ type, keys }) => [type, keys?.customer_id])).toEqual([
      ['a', undefined],
      ['identify', 'C-2'],
      ['b', 'C-2'],
    ]);
  });
});
