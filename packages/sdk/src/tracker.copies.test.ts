import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCopies } from './testing/copies.ts';
import { createPage, pass } from './testing/page.ts';
import type { Tracker } from './tracker_types.ts';

const ALL = { audience: true, ads_measurement: true, crm_join: true };

let copies: ReturnType<typeof createCopies>;
let browser: ReturnType<typeof createPage>;
let refused: Tracker;
let late: Tracker;
/** Requests of each page that wait to be let through. */
let held: (() => void)[][];
let isHeld: boolean;

const REFUSED = 0;
const LATE = 1;
const kept = () => copies.kept(browser.idKey);
const answer = async (page: number): Promise<void> => {
  for (const go of held[page]?.splice(0) ?? []) go();
  await pass(0);
};
/** All that is under way comes to its end. */
const settle = async (): Promise<void> => {
  isHeld = false;
  for (let round = 0; round < 3; round++) {
    for (const page of [REFUSED, LATE]) await answer(page);
    copies.settle();
    await pass(12_000);
  }
};

/** One page is asked for less, tells the collector so, and has no answer yet; then the other is refused, and the browser knows. */
beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  copies = createCopies(2);
  browser = createPage();
  held = [[], []];
  isHeld = false;
  [refused, late] = copies.pages.map((scope, page) =>
    browser.open(
      {},
      {
        ...scope,
        fetch: async (...args) => {
          if (isHeld) await new Promise<void>((go) => held[page]?.push(go));
          return browser.collector.fetch(...args);
        },
      },
    ),
  ) as [Tracker, Tracker];
  for (const tracker of [refused, late]) {
    tracker.consent(ALL);
    copies.settle();
  }
  late.track('first');
  await pass(12_000);
  copies.settle();
  isHeld = true;
  late.consent({ audience: true });
  void late.flush();
  await pass(0);
  expect(held[LATE]).toHaveLength(1);
  copies.settle();
  expect(kept()).toContain('visitor_id');
  refused.consent({ audience: false });
  copies.go(REFUSED, 'arrive');
  expect(kept()).not.toContain('visitor_id');
});
afterEach(async () => {
  for (const tracker of [refused, late]) {
    tracker.consent({});
    tracker.stop();
  }
  await pass(1);
  vi.useRealTimers();
});

describe('an id that was taken back', () => {
  it('is not written back by the page that was refused, where another had gone over the refusal', async () => {
    await answer(LATE);
    copies.go(LATE, 'arrive');
    for (let write = 0; write < 2; write++) copies.go(REFUSED, 'receive');
    // It takes what the late page wrote for what stands.
    await answer(REFUSED);
    copies.go(LATE, 'receive');
    copies.go(LATE, 'hear');
    copies.go(LATE, 'arrive');
    await settle();
    expect(kept()).toBe('');
  });

  it('is not written anew by a page whose choice is told when the refusal is there and not heard of yet', async () => {
    copies.go(LATE, 'receive');
    await answer(LATE);
    copies.go(LATE, 'hear');
    expect(late.consent()).toBe('denied');
    await pass(11_000);
    late.track('after');
    await settle();
    expect(kept()).toBe('');
  });

  it('is not written anew by what happens between the refusal and the word of it', async () => {
    copies.go(LATE, 'receive');
    await pass(11_000);
    late.track('between');
    copies.go(LATE, 'arrive');
    expect(kept()).not.toContain('visitor_id');
    await settle();
    expect(kept()).toBe('');
  });

  it('is put away by the page that was refused where the page that wrote it is gone', async () => {
    await answer(LATE);
    late.stop();
    copies.go(LATE, 'arrive');
    expect(kept()).toContain('visitor_id');
    for (let write = 0; write < 2; write++) copies.go(REFUSED, 'receive');
    copies.go(REFUSED, 'hear');
    copies.go(REFUSED, 'arrive');
    expect(kept()).not.toContain('visitor_id');
  });
});
