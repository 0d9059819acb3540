import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCopies, WAYS } from './testing/copies.ts';
import { createPage, pass } from './testing/page.ts';

const ALL = { audience: true, ads_measurement: true, crm_join: true };
const YES = { audience: true };
const NO = {};
/** The network's way, ms: answers come between the ways of the storage. */
const LATENCY_MS = 3;

const page = fc.nat(2);
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('choose' as const), page, choice: fc.constantFrom(ALL, YES, NO) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('track' as const, 'reset' as const), page }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom(...WAYS), page }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 2, 200, 11_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('network' as const), up: fc.boolean() }) },
);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

it('keeps no id after a refusal, in whatever order the pages of a browser hear of what the others have written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const copies = createCopies(3);
      const browser = createPage();
      const fetch: typeof globalThis.fetch = async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
        return browser.collector.fetch(...args);
      };
      const pages = copies.pages.map((scope) => browser.open({}, { fetch, ...scope }));
      const kept = () => copies.kept(browser.idKey);
      /** All that is under way comes to its end. */
      const settle = async (ms: number): Promise<void> => {
        for (let round = 0; round < 4; round++) {
          copies.settle();
          await pass(ms);
        }
        copies.settle();
      };
      let chosen: object = ALL;
      let isEverRefused = false;
      for (const tracker of pages) {
        tracker.consent(ALL);
        tracker.track('first');
        copies.settle();
      }
      await settle(1_000);

      for (const step of steps) {
        if (step.do === 'choose') {
          // Nobody chooses in two tabs within a millisecond, nor twice in one task.
          copies.settle();
          await pass(1);
          copies.settle();
          isEverRefused ||= step.choice === NO;
          chosen = step.choice;
          pages[step.page]?.consent(chosen);
        } else if (step.do === 'track') pages[step.page]?.track('note');
        else if (step.do === 'reset') pages[step.page]?.reset();
        else if (step.do === 'pass') await pass(step.ms);
        else if (step.do === 'network') browser.collector.set(step.up ? 'up' : 'down');
        else copies.go(step.page, step.do);
      }
      copies.settle();
      if (chosen === NO) {
        expect(pages.map((tracker) => tracker.consent())).toEqual(['denied', 'denied', 'denied']);
        expect(kept()).not.toContain('visitor_id');
      }
      browser.collector.set('up');
      window.dispatchEvent(new Event('online'));
      await settle(400_000);
      const isGranted = pages.some((tracker) => tracker.consent() === 'granted');
      // A stop wins a race: a grant that comes while a refusal is still being told may end with it.
      if (!isEverRefused) expect(isGranted).toBe(true);
      if (isGranted) expect(kept()).toContain('visitor_id');
      else expect(kept()).toBe('');
      for (const tracker of pages) {
        tracker.consent(NO);
        tracker.stop();
      }
      await settle(1);
    }),
    { numRuns: 100 },
  );
}, 120_000);
