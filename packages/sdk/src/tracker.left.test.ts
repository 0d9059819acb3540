import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { createTabs } from './testing/tabs.ts';
import type { Tracker } from './tracker_types.ts';

const YES = { audience: true };
const ALL = { audience: true, ads_measurement: true, crm_join: true };

let tabs: ReturnType<typeof createTabs>;
let opened: Tracker[];

/** A tab, and what it does when its page goes. */
function open(...overrides: Parameters<typeof tabs.open>) {
  const index = opened.length;
  const tracker = tabs.open(...overrides);
  opened.push(tracker);
  return { tracker, goes: () => tabs.goes(index) };
}
const kept = () => Object.values({ ...localStorage }).join();
const types = () => tabs.collector.events().map(({ type }) => type);

/** A page that has tracked while the disk was busy and the collector away, and is gone. */
async function leave(choice: object): Promise<void> {
  const { tracker, goes } = open({}, { fetch: () => Promise.reject(new TypeError('the page is gone')) });
  tracker.consent(choice);
  tracker.identify('C-1');
  tracker.track('left');
  goes();
  // Once what called us has returned: then a write is begun.
  await pass(0);
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  tabs = createTabs();
  opened = [];
  tabs.disks.stall();
  tabs.collector.set('down');
});
afterEach(async () => {
  tabs.collector.set('up');
  for (const tab of opened) {
    tab.consent({});
    tab.stop();
  }
  await pass(1);
  vi.useRealTimers();
});

it('what a page could write nowhere in time the next one sends, once, and nothing of it stays', async () => {
  await leave(ALL);
  expect(kept()).toContain('"left"');
  tabs.disks.resume();
  tabs.collector.set('up');
  open().tracker.consent(ALL);
  await pass(60_000);
  expect(types().sort()).toEqual(['identify', 'left']);
  expect(tabs.collector.seen.flatMap(({ events }) => events)).toHaveLength(2);
  expect(kept()).not.toContain('C-1');
});

it('a page leaves what it tracks at once, each event one time, until the disk has it: it may not hear of its end', async () => {
  const { tracker } = open();
  tracker.consent(YES);
  for (let n = 0; n < 3; n++) {
    tracker.track(`event_${n}`);
    await pass(0);
  }
  expect(kept().match(/event_\d/g)).toEqual(['event_0', 'event_1', 'event_2']);
  tabs.disks.resume();
  tracker.track('written');
  await pass(0);
  expect(kept()).not.toContain('written');
  tabs.collector.set('up');
  await pass(60_000);
  expect(types()).toEqual(['event_0', 'event_1', 'event_2', 'written']);
  expect(kept()).not.toContain('event_');
});

it('a page without a grant leaves nothing, nor touches what others left', async () => {
  const { tracker, goes } = open();
  tracker.track('held');
  goes();
  expect(kept()).toBe('');
  await leave(YES);
  const before = kept();
  open().tracker.track('held');
  await pass(60_000);
  expect(kept()).toBe(before);
});

it('a withdrawal takes what a page left with it, at once', async () => {
  await leave(ALL);
  expect(kept()).toContain('C-1');
  open().tracker.consent({ audience: false });
  expect(kept()).toBe(JSON.stringify({ withdrawn: [{ at: new Date().toISOString() }] }));
});

it('a page that goes before it has heard of a withdrawal leaves nothing', async () => {
  const { tracker, goes } = open();
  tracker.consent(ALL);
  open().tracker.consent({ audience: false });
  tracker.identify('C-1');
  goes();
  tabs.told();
  expect(kept()).not.toContain('left');
  await pass(1);
  expect(kept()).not.toContain('C-1');
});

it('a smaller choice cuts what a page left, though the network is away', async () => {
  await leave(ALL);
  tabs.disks.resume();
  open().tracker.consent({ audience: true, crm_join: false });
  await pass(1_000);
  expect(kept()).not.toContain('C-1');
  tabs.collector.set('up');
  await pass(400_000);
  expect(types()).toEqual(['left']);
  expect(JSON.stringify(tabs.collector.events())).not.toContain('C-1');
});

it('a logout keeps what a page left for the collector', async () => {
  await leave(YES);
  tabs.disks.resume();
  const { tracker } = open();
  tracker.consent(YES);
  tracker.reset();
  tabs.collector.set('up');
  await pass(60_000);
  expect(types()).toContain('left');
});
