import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { createTabs } from './testing/tabs.ts';
import type { Tracker } from './tracker_types.ts';

const ALL = { audience: true, ads_measurement: true, crm_join: true };

let tabs: ReturnType<typeof createTabs>;
let stale: Tracker;
let other: Tracker;
/** What the tab that is behind takes the storage for; undefined where it is up to date. */
let copy: string | null | undefined;

const kept = () => JSON.parse(localStorage.getItem(tabs.idKey) ?? '{}');

/** Chromium gives each page a copy of the storage, and what another page has written to it comes later. */
const storage = {
  getItem: (key: string) => (copy === undefined ? localStorage.getItem(key) : copy),
  setItem(key: string, value: string) {
    localStorage.setItem(key, value);
    if (copy !== undefined) copy = value;
  },
  removeItem(key: string) {
    localStorage.removeItem(key);
    if (copy !== undefined) copy = null;
  },
} as Storage;

/** The other tab does something; the tab that has not heard of it goes on writing; then it hears. */
async function goesOver(act: () => void): Promise<void> {
  copy = localStorage.getItem(tabs.idKey);
  vi.setSystemTime(Date.now() + 11_000);
  act();
  stale.track('late');
  copy = undefined;
  await pass(0);
}

beforeEach(async () => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  tabs = createTabs();
  copy = undefined;
  stale = tabs.open({}, { localStorage: storage });
  other = tabs.open();
  stale.consent(ALL);
  stale.track('first');
  await pass(1_000);
  other.consent(ALL);
  tabs.collector.set('down');
});
afterEach(async () => {
  for (const tab of [stale, other]) {
    tab.consent({});
    tab.stop();
  }
  await pass(1);
  vi.useRealTimers();
});

it('does not widen again what another tab has narrowed', async () => {
  await goesOver(() => other.consent({ audience: true }));
  expect(kept().chosen.granted).toEqual(Object.keys(ALL));
  tabs.told();
  expect(kept()).toMatchObject({ chosen: { granted: ['audience'] }, withdrawn: [{ purposes: expect.anything() }] });
  tabs.collector.set('up');
  stale.track('narrow');
  await pass(60_000);
  const last = tabs.collector.accepted.find(({ events }) => events.some(({ type }) => type === 'narrow'));
  const stamps = last?.events.filter(({ type }) => type === 'narrow').map(({ stamp }) => last.stamps[stamp]?.purposes);
  expect(stamps).toEqual([['audience']]);
  expect(tabs.collector.withdrawals).toHaveLength(1);
});

it('does not bring back what another tab has erased, nor forgets that the collector is to be told', async () => {
  await goesOver(() => other.consent({ audience: false }));
  expect(kept().visitor_id).toBeDefined();
  tabs.told();
  expect(stale.consent()).toBe('denied');
  expect(kept()).toEqual({ withdrawn: [{ at: expect.any(String) }] });
  tabs.collector.set('up');
  await pass(60_000);
  expect(kept()).toEqual({});
  expect(tabs.collector.withdrawals.length).toBeGreaterThan(0);
});

it('has nothing left by a page that went without having heard that another tab has erased everything', async () => {
  tabs.disks.stall();
  copy = localStorage.getItem(tabs.idKey);
  vi.setSystemTime(Date.now() + 11_000);
  other.consent({ audience: false });
  stale.track('late');
  tabs.goes(0);
  await pass(0);
  expect(kept().left).toHaveLength(1);
  copy = undefined;
  tabs.told();
  expect(kept()).toEqual({ withdrawn: [{ at: expect.any(String) }] });
});

it('keeps what this tab has chosen after the other', async () => {
  copy = localStorage.getItem(tabs.idKey);
  vi.setSystemTime(Date.now() + 1_000);
  other.consent({ audience: true });
  vi.setSystemTime(Date.now() + 1_000);
  stale.consent({ audience: true, crm_join: true });
  copy = undefined;
  tabs.told();
  expect(kept().chosen.granted).toEqual(['audience', 'crm_join']);
});
