import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { openTracker, page, tracker, types, visitInEachTest } from './testing/visit.ts';

const grant = (options = {}, overrides = {}): void => {
  openTracker(options, overrides);
  tracker.consent({ audience: true });
};

visitInEachTest({ opens: false });
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
});

/** What is this SDK's own; when and what it sends again is held by the contract, `delivery.contract.test.ts`. */
describe('delivery', () => {
  it('sends as plain text with credentials, and says no more of the page than its origin', async () => {
    grant();
    tracker.track('a');
    await pass(250);
    expect(page.collector.inits[0]).toMatchObject({ credentials: 'include', referrerPolicy: 'strict-origin' });
    expect(page.collector.inits[0]?.headers).toBeUndefined();
  });

  it.each(['accepted', 'duplicate', 'filtered'] as const)(
    'leaves nothing on the disk of what is %s',
    async (status) => {
      page.collector.set((batch) => ({ results: batch.events.map(({ event_id }) => ({ event_id, status })) }));
      grant();
      tracker.track('a');
      await pass(60_000);
      expect(page.disks.items(page.name)).toEqual([]);
    },
  );

  it('sends what an earlier page left, with its own stamp', async () => {
    page.collector.set('down');
    grant();
    tracker.track('left');
    await pass(1_000);
    tracker.stop();
    await pass(1);
    page.collector.set('up');
    openTracker();
    tracker.consent({ audience: true }, { at: new Date() });
    tracker.track('now');
    await pass(400);
    expect(types()).toEqual(['left', 'now']);
    const [batch] = page.collector.accepted;
    expect(batch?.stamps).toHaveLength(2);
    expect(batch?.events.map(({ stamp }) => stamp)).toEqual([0, 1]);
  });

  it('shares the queue between tabs without sending twice', async () => {
    page.collector.set('down');
    grant();
    const other = page.open();
    other.consent({ audience: true });
    for (const [index, tab] of [tracker, other, tracker, other].entries()) tab.track(`t${index}`);
    await pass(1_000);
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(2_000);
    expect(types().sort()).toEqual(['t0', 't1', 't2', 't3']);
    other.stop();
  });

  it.each([
    ['locks are absent', {}],
    ['locks are blocked', { locks: { request: () => Promise.reject(new DOMException('', 'SecurityError')) } }],
  ])('sends where %s', async (_name, navigator) => {
    grant({}, { navigator: navigator as unknown as Navigator });
    tracker.track('a');
    await pass(400);
    expect(types()).toEqual(['a']);
  });
});
