import { beforeEach, describe, expect, it, vi } from 'vitest';
import { POLICY } from './testing/collector.ts';
import { pass } from './testing/page.ts';
import { nextPage, page, tracker, types, visitInEachTest } from './testing/visit.ts';

const DAY = 86_400_000;
const YES = { audience: true };

/** What the page's storage has, as text. */
const kept = () => localStorage.getItem(page.idKey) ?? '';
const wait = (days: number) => vi.setSystemTime(Date.now() + days * DAY);

visitInEachTest();
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describe('a choice of 182 days ago', () => {
  it('stands to its last day', async () => {
    tracker.consent(YES);
    wait(182);
    vi.setSystemTime(Date.now() - 10_000);
    tracker.track('a');
    await pass(1_000);
    expect(types()).toEqual(['a']);
  });

  it('ends in a page that stays open: no id stays, and what happens then waits for the next choice', async () => {
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    const visitor = tracker.visitorId()!;
    expect(kept()).toContain(visitor);
    wait(183);
    tracker.track('b');
    expect(tracker.consent()).toBe('pending');
    expect(tracker.visitorId()).toBeUndefined();
    expect(kept()).not.toMatch(/_id|since|born|active|receipt|[0-9a-f]{8}-/);
    expect(page.disks.items(page.name)).toEqual([]);
    await pass(600_000);
    expect(types()).toEqual(['a']);
    expect(page.collector.withdrawals).toEqual([]);
    tracker.consent(undefined);
    tracker.consent(YES);
    await pass(1_000);
    expect(types()).toEqual(['a', 'b']);
    expect(page.collector.accepted.at(-1)?.stamps[0]?.at).toBe(new Date(Date.now() - 1_000).toISOString());
  });

  it.each([
    ['asked for its state', () => tracker.consent()],
    ['asked for its visitor', () => tracker.visitorId()],
    ['shown again', () => window.dispatchEvent(new Event('pageshow'))],
    ['due to try again', () => pass(400_000)],
  ])('ends in a page where nothing happens but that it is %s', async (_what, happen) => {
    page.collector.set('down');
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    expect(page.disks.items(page.name)).toHaveLength(1);
    page.collector.set('up');
    wait(183);
    await happen();
    expect(kept()).not.toContain('visitor_id');
    expect(page.disks.items(page.name)).toEqual([]);
    await pass(400_000);
    expect(page.collector.seen).toEqual([]);
  });

  it('ends in all tabs, as no withdrawal of anybody', async () => {
    const other = page.open();
    for (const tab of [tracker, other]) {
      tab.consent(YES);
      tab.track('a');
      await pass(1_000);
    }
    const before = kept();
    wait(183);
    expect(tracker.consent()).toBe('pending');
    expect(kept()).not.toBe(before);
    window.dispatchEvent(new StorageEvent('storage', { key: page.idKey, newValue: kept() }));
    expect(other.consent()).toBe('pending');
    expect(other.visitorId()).toBeUndefined();
    other.track('held');
    other.consent(undefined);
    other.consent(YES);
    await pass(1_000);
    expect(types()).toEqual(['a', 'a', 'held']);
    expect(page.collector.withdrawals).toEqual([]);
    // That tab chose for itself.
    window.dispatchEvent(new StorageEvent('storage', { key: page.idKey, newValue: kept() }));
    expect(tracker.consent()).toBe('pending');
    other.stop();
  });

  it('leaves alone what a younger choice in another tab has stored', async () => {
    tracker.consent(YES);
    wait(100);
    const other = page.open();
    other.consent({ audience: true, crm_join: true }, { at: Date.now() });
    const visitor = other.visitorId();
    wait(90);
    expect(tracker.consent()).toBe('pending');
    expect(other.consent()).toBe('granted');
    expect(other.visitorId()).toBe(visitor);
    expect(kept()).toContain(visitor!);
    other.stop();
  });

  it.each([
    ['without a date', {}],
    ['with its date', { at: '2026-11-22T10:00:00Z' }],
  ])('is as if none had been made on a later page too, repeated %s', async (_how, details) => {
    tracker.consent(YES, details);
    tracker.track('a');
    await pass(1_000);
    wait(183);
    for (let visit = 0; visit < 3; visit++) {
      (await nextPage()).consent(YES, details);
      tracker.track('b');
      await pass(1_000);
      expect(tracker.consent()).toBe('pending');
      expect(kept()).not.toMatch(/visitor_id|receipt/);
      wait(1);
    }
    expect(types()).toEqual(['a']);
    expect(page.collector.withdrawals).toEqual([]);
  });

  it('is not young again by being repeated in the same page, as on each step of a router', async () => {
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    wait(183);
    await nextPage();
    for (let step = 0; step < 3; step++) {
      tracker.consent(YES);
      tracker.track('b');
      await pass(1_000);
    }
    expect(tracker.consent()).toBe('pending');
    expect(types()).toEqual(['a']);
  });

  it.each([
    ['the banner says that it asks', (): void => void tracker.consent(undefined), {}],
    ['the choice has its date', () => {}, { at: '2027-05-24T10:00:00Z' }],
  ])('is made anew, though it is the same, where %s', async (_how, ask, details: { at?: string }) => {
    tracker.consent(YES);
    await pass(1_000);
    wait(183);
    await nextPage();
    ask();
    tracker.track('a');
    tracker.consent(YES, details);
    const granted = +new Date(details.at ?? Date.now());
    await pass(1_000);
    expect(types()).toEqual(['a']);
    // Told twice it is chosen once.
    tracker.consent(YES, details);
    wait(100);
    (await nextPage()).consent(YES, details);
    tracker.track('b');
    await pass(1_000);
    const stamps = page.collector.accepted.map(({ stamps: [stamp] }) => +new Date(stamp!.at));
    expect(stamps).toEqual([granted, granted]);
  });

  it('is made anew where a manager that has told the old one asks, and only by what it tells then', async () => {
    let tell = (_signals: Record<string, boolean> | undefined): void => {};
    const consent = {
      name: 'cmp',
      start: (report: typeof tell) => {
        tell = report;
      },
    };
    const own = page.open({ consent });
    tell({ statistics: true });
    expect(own.consent()).toBe('granted');
    own.stop();
    await pass(1);
    wait(183);
    const later = page.open({ consent });
    // Not ready yet, as on every page; then what it has stored; then it asks, and is answered.
    for (const signals of [undefined, { statistics: true }, undefined]) {
      tell(signals);
      expect(later.consent()).toBe('pending');
    }
    tell({ statistics: true });
    expect(later.consent()).toBe('granted');
    later.stop();
  });

  it('is none either where storage is blocked', async () => {
    const blocked = page.open({}, { localStorage: undefined, indexedDB: undefined });
    blocked.consent(YES);
    const before = blocked.visitorId();
    wait(183);
    expect(blocked.consent()).toBe('pending');
    blocked.consent(undefined);
    blocked.consent(YES);
    expect(blocked.consent()).toBe('granted');
    expect(blocked.visitorId()).not.toBe(before);
    blocked.stop();
  });

  it('is none while the clock is set back before it: one error, no id stays, nobody is told; then it stands again', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    const [at] = page.collector.accepted[0]!.stamps.map((stamp) => stamp.at);
    wait(-1);
    await nextPage();
    expect(tracker.consent(YES)).toBe('denied');
    tracker.track('b');
    await pass(60_000);
    expect(kept()).not.toMatch(/visitor_id|receipt/);
    expect(error.mock.calls).toEqual([['[parcours] the choice cannot be read: nothing is granted']]);
    expect(page.collector.seen).toHaveLength(1);
    expect(page.collector.withdrawals).toEqual([]);
    wait(1);
    await nextPage();
    expect(tracker.consent(YES)).toBe('granted');
    tracker.track('c');
    await pass(1_000);
    expect(types()).toEqual(['a', 'c']);
    expect(page.collector.accepted.at(-1)?.stamps[0]?.at).toBe(at);
  });

  it('is refused for good though the clock was set back before it: all goes, and it is told', async () => {
    tracker.consent(YES);
    await pass(1_000);
    wait(-1);
    await nextPage();
    expect(tracker.consent({ audience: false })).toBe('denied');
    await pass(1_000);
    expect(kept()).toBe('');
    expect(page.collector.withdrawals).toHaveLength(1);
  });

  it('is no younger by a clock that is set back a little, in the page or between two', async () => {
    tracker.consent(YES);
    vi.setSystemTime(Date.now() - 4 * 60_000);
    tracker.track('a');
    await pass(1_000);
    await nextPage();
    tracker.consent(YES);
    tracker.track('b');
    await pass(1_000);
    expect(types()).toEqual(['a', 'b']);
    expect(new Set(page.collector.accepted.map(({ stamps: [stamp] }) => stamp?.at))).toEqual(
      new Set(['2026-11-22T10:00:00.000Z']),
    );
    wait(183);
    expect(tracker.consent()).toBe('pending');
  });

  it.each([
    [30, 31],
    [395, 396],
  ])('stands for what the policy says: %i days', async (choice_days, days) => {
    const own = page.open({ policy: { ...POLICY, choice_days } });
    own.consent(YES);
    wait(choice_days);
    expect(own.consent()).toBe('granted');
    wait(days - choice_days);
    expect(own.consent()).toBe('pending');
    own.stop();
  });
});
