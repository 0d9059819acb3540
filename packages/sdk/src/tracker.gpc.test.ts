import { PURPOSES } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POLICY } from './testing/collector.ts';
import { pass } from './testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from './testing/visit.ts';
import type { Tracker } from './tracker_types.ts';

const ALL = Object.fromEntries(POLICY.purposes.map((purpose) => [purpose, true]));
const GPC = ['ads_measurement', 'ads_share'];

let navigator: { globalPrivacyControl: unknown };

const open = (options?: Parameters<typeof page.open>[0]): Tracker =>
  openTracker(options, { navigator: navigator as unknown as Navigator });
const stamps = () => page.collector.accepted.flatMap(({ stamps }) => stamps);

visitInEachTest({ opens: false });
beforeEach(() => {
  history.replaceState({}, '', '/?utm_source=news&gclid=1');
  navigator = { globalPrivacyControl: true };
});
afterEach(() => {
  history.replaceState({}, '', '/');
});

describe('Global Privacy Control', () => {
  it('takes away what the policy says, from the stamp and from what leaves, whatever was granted', async () => {
    open({ observers: undefined });
    tracker.consent(ALL);
    tracker.identify('C-1');
    await pass(1_000);
    expect(stamps()[0]?.purposes).toEqual(POLICY.purposes.filter((purpose) => !GPC.includes(purpose)));
    expect(page.collector.events().map(({ type }) => type)).toEqual(['page_view', 'identify']);
    expect(JSON.stringify(page.collector.seen)).not.toMatch(/utm_|news|gclid/);
    expect(JSON.stringify(page.collector.seen)).toContain('C-1');
    expect(localStorage.getItem(page.idKey)).not.toMatch(/news|gclid/);
  });

  it('takes nothing else away, and nothing where it is off', async () => {
    navigator.globalPrivacyControl = false;
    open({ observers: undefined });
    tracker.consent(ALL);
    await pass(1_000);
    expect(stamps()[0]?.purposes).toEqual(POLICY.purposes);
    expect(JSON.stringify(page.collector.seen)).toContain('utm_source=news');
  });

  it.each([[undefined], [null], ['1'], [1], ['true'], [{}]])(
    'is what the browser says by `true` alone, not by %j',
    async (said) => {
      navigator.globalPrivacyControl = said;
      open();
      tracker.consent(ALL);
      tracker.track('a');
      await pass(1_000);
      expect(stamps()[0]?.purposes).toEqual(POLICY.purposes);
    },
  );

  it.each([
    ['no choice', undefined, 'pending'],
    ['a refusal', { audience: false }, 'denied'],
    ['advertising alone', { ads_measurement: true, ads_share: true }, 'denied'],
  ] as const)('never grants: %s stays so', async (_what, choice, status) => {
    open();
    tracker.track('a');
    expect(tracker.consent(choice)).toBe(status);
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
  });

  it('ends a grant where the policy lets it take `audience`', async () => {
    open({ policy: { ...POLICY, gpc: [...PURPOSES] } });
    tracker.track('a');
    expect(tracker.consent(ALL)).toBe('denied');
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it('is no word of the visitor to us: turned on, nothing is told as withdrawn; turned off, the same choice stands', async () => {
    navigator.globalPrivacyControl = false;
    open();
    tracker.consent(ALL);
    tracker.track('off');
    await pass(1_000);
    navigator.globalPrivacyControl = true;
    tracker.consent(ALL);
    tracker.track('on');
    await pass(1_000);
    navigator.globalPrivacyControl = false;
    tracker.consent(ALL);
    tracker.track('off');
    await pass(1_000);
    expect(page.collector.withdrawals).toEqual([]);
    expect(stamps().map(({ purposes }) => GPC.every((purpose) => purposes.includes(purpose)))).toEqual([
      true,
      false,
      true,
    ]);
    expect(new Set(stamps().map(({ at }) => at)).size).toBe(1);
  });

  it('does not keep from being told what the visitor takes back of it', async () => {
    open();
    tracker.consent(ALL);
    await pass(1_000);
    tracker.consent({ ...ALL, ads_share: false });
    tracker.track('a');
    await pass(1_000);
    expect(page.collector.withdrawals.map(({ withdrawn }) => withdrawn?.purposes)).toEqual([['ads_share']]);
  });

  it('turned on takes from what waits, too', async () => {
    navigator.globalPrivacyControl = false;
    page.collector.set('down');
    open({ observers: undefined });
    tracker.consent(ALL);
    await pass(400);
    expect(JSON.stringify(page.disks.items(page.name))).toContain('news');
    navigator.globalPrivacyControl = true;
    tracker.consent(ALL);
    expect(JSON.stringify(page.disks.items(page.name))).not.toContain('news');
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(60_000);
    expect(page.collector.events()).toHaveLength(1);
    expect(JSON.stringify(page.collector.events())).not.toMatch(/utm_|news|gclid/);
  });
});
