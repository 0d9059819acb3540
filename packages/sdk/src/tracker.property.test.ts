import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPage, pass, setHidden } from './testing/page.ts';

/** What may happen on a page, in any order. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant('track' as const) },
  { weight: 2, arbitrary: fc.constantFrom('grant' as const, 'deny' as const) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('wait', 'flush', 'hide', 'show', 'online', 'reset', 'bigint', 'reload' as const),
  },
  { weight: 3, arbitrary: fc.constantFrom('up', 'down', 'portal', 'busy', 'retry', 'failed' as const) },
);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
});
afterEach(() => {
  setHidden(false);
  vi.useRealTimers();
});

it('sends nothing without a grant, loses nothing that was granted, and keeps ids and times on retries', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      localStorage.clear();
      const page = createPage();
      const dropped: string[] = [];
      const start = () => page.open({ onDrop: ({ code, count }) => dropped.push(...Array(count).fill(code)) });
      let tracker = start();
      let status: 'pending' | 'granted' | 'denied' = 'pending';
      let captured = 0;
      let number = 0;
      /** Captured and due, by number; held until the choice; gone by a denial or with the page that held it. */
      let due = new Set<number>();
      let held = new Set<number>();
      const gone = new Set<number>();
      /** Purged, and how many batches had left by then: none after may hold it. */
      const forbidden = new Map<number, number>();
      const forbid = (one: number): void => {
        gone.add(one);
        forbidden.set(one, page.collector.seen.length);
      };
      const purge = (): void => {
        for (const one of [...held, ...due]) forbid(one);
        held = new Set();
        due = new Set();
      };
      const settled = new Set<number>();
      const settle = (): void => {
        for (const { events } of page.collector.accepted)
          for (const { props } of events) settled.add(props?.n as number);
      };

      for (const action of steps) {
        const before = page.collector.seen.length;
        if (action === 'track') {
          tracker.track('t', { n: number });
          if (status !== 'denied') captured++;
          if (status === 'granted') due.add(number);
          if (status === 'pending') held.add(number);
          number++;
        } else if (action === 'bigint') {
          tracker.track('t', { n: 1n });
          if (status !== 'denied') captured++;
        } else if (action === 'grant') {
          tracker.consent({ audience: true });
          for (const one of held) due.add(one);
          held = new Set();
          status = 'granted';
        } else if (action === 'deny') {
          tracker.consent({ audience: false });
          settle();
          for (const one of settled) due.delete(one);
          purge();
          status = 'denied';
        } else if (action === 'wait') await pass(20_000);
        else if (action === 'flush') await Promise.all([tracker.flush(), pass(1)]);
        else if (action === 'hide') setHidden(true);
        else if (action === 'show') setHidden(false);
        else if (action === 'online') window.dispatchEvent(new Event('online'));
        else if (action === 'reset') tracker.reset();
        else if (action === 'reload') {
          await pass(1);
          tracker.stop();
          await pass(1);
          for (const one of held) forbid(one);
          held = new Set();
          tracker = start();
          status = 'pending';
        } else if (action === 'busy') page.collector.set({ status: 503 });
        else if (action === 'retry' || action === 'failed')
          page.collector.set(({ events }) => ({
            results: events.map(({ event_id }, index) => ({
              event_id,
              status: index % 2 === 0 ? action : 'accepted',
            })),
          }));
        else page.collector.set(action);
        if (status !== 'granted' && action !== 'reload') expect(page.collector.seen.length).toBe(before);
      }

      page.collector.set('up');
      tracker.consent({ audience: true });
      for (const one of held) due.add(one);
      setHidden(false);
      await pass(400_000);
      settle();

      // Everything due arrived, but for what an answer had failed; nothing that was purged unsent ever did.
      for (const one of due) expect(settled.has(one)).toBe(true);
      for (const [one, batches] of forbidden)
        for (const { events } of page.collector.seen.slice(batches))
          expect(events.map(({ props }) => props?.n)).not.toContain(one);
      expect(page.disks.items(page.name)).toEqual([]);
      const unserialisable = dropped.filter((code) => code === 'not_serialisable').length;
      expect(captured).toBe(new Set([...settled, ...due, ...gone]).size + unserialisable);

      // One event, one id, one time, on every try.
      const faces = new Map<number, string>();
      for (const { events } of page.collector.seen) {
        for (const { props, event_id, occurred_at } of events) {
          const face = `${event_id} ${occurred_at}`;
          expect(faces.get(props?.n as number) ?? face).toBe(face);
          faces.set(props?.n as number, face);
        }
      }
      tracker.consent({});
      tracker.stop();
      await pass(1);
    }),
    { numRuns: 60 },
  );
}, 60_000);
