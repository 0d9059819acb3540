import { expect, it } from 'vitest';
import { pass, setHidden } from '../page.ts';
import type { Case } from './contract.ts';
import type { Answer } from './line.ts';

const MINUTE_MS = 60_000;
/** After the last event of a moment. */
const SOON_MS = 200;

/** Waits of one failure after another, where the draw is 1. */
const VISIBLE_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
const HIDDEN_MS = [...VISIBLE_MS.slice(0, 5), 32_000, 64_000, 128_000, 256_000, 300_000, 300_000];

/** What a refusal asks for, and ms from it to the next try, where the draw is 1 and the first wait would be 1 s. */
const ASKED: readonly (readonly [string, number])[] = [
  ['7', 7_000],
  [' 7 ', 7_000],
  ['1', 1_000],
  ['300', 300_000],
  // No longer than five minutes, whatever is asked.
  ['301', 300_000],
  ['86400', 300_000],
  ['99999999999999999999', 300_000],
  ['Sun, 22 Nov 2026 10:00:09 GMT', 9_000 - SOON_MS],
  ['Sun, 22 Nov 2026 10:01:30 GMT', 90_000 - SOON_MS],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 300_000],
  // Says nothing that could be kept to: the wait is our own.
  ['Sun, 22 Nov 2026 09:00:00 GMT', 1_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 1_000],
  ['0', 1_000],
  ['-3', 1_000],
  ['soon', 1_000],
  ['', 1_000],
];

const HASTENERS: readonly (readonly [string, (given: Case) => unknown])[] = [
  ['the network returns', () => window.dispatchEvent(new Event('online'))],
  ['the page comes back', () => window.dispatchEvent(new Event('pageshow'))],
  ['the page is hidden and shown', () => [true, false].forEach(setHidden)],
  ['the app asks for a try', ({ sender }) => sender.flush()],
];

export function waitCases(given: Case): void {
  /** Events that it is refused for as long as it takes. */
  const failing = async (ms: number, answer: Answer = { status: 503 }): Promise<readonly number[]> => {
    given.line.answer(answer);
    given.sender.track('a');
    await pass(SOON_MS + ms + 10);
    return given.line.gaps();
  };

  it.each([
    [0, 0.5],
    [0.5, 0.75],
    [1, 1],
  ])('where the draw is %d, each wait is %d of the longest, which doubles', async (random, share) => {
    given.draw(random);
    const gaps = VISIBLE_MS.map((ms) => ms * share);
    const all = gaps.reduce((sum, ms) => sum + ms);
    expect(await failing(all)).toEqual(gaps);
  });

  it('tries are at most 30 s apart while the page is visible, for as long as it takes', async () => {
    const gaps = await failing(60 * MINUTE_MS);
    expect(Math.max(...gaps)).toBe(30_000);
    expect(gaps.length).toBeGreaterThan(118);
  });

  it('tries are at most 5 minutes apart while it is hidden', async () => {
    setHidden(true);
    expect((await failing(HIDDEN_MS.reduce((sum, ms) => sum + ms))).slice(-HIDDEN_MS.length)).toEqual(HIDDEN_MS);
  });

  it.each([
    ['no network', 'no network'],
    ['an answer that cannot be read', { text: 'hello' }],
    ['every event to come again', { verdicts: ['retry'] }],
  ] as const)('%s is waited for no less than a refusal', async (_name, answer) => {
    expect(await failing(15_000, answer)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('after a success the first wait is the shortest again', async () => {
    const { line, sender } = given;
    line.answer({ status: 503 }, { status: 503 }, { status: 503 }, 'ok');
    sender.track('a');
    await pass(10_000);
    expect(line.settled).toEqual(['a']);
    line.answer({ status: 503 }, 'ok');
    sender.track('b');
    await pass(10_000);
    expect(line.gaps().at(-1)).toBe(1_000);
  });

  it('a new event does not hasten what waits', async () => {
    const { line, sender } = given;
    line.answer({ status: 503 }, { status: 503 }, { status: 503 }, { status: 503 }, 'ok');
    sender.track('a');
    for (let n = 0; n < 30; n++) {
      await pass(500);
      sender.track('more');
    }
    expect(line.gaps()).toEqual([1_000, 2_000, 4_000, 8_000].slice(0, line.gaps().length));
    expect(line.gaps().length).toBeGreaterThanOrEqual(3);
  });

  it.each(ASKED)('Retry-After %j with 503: the next try after %i ms', async (asked, ms) => {
    given.line.answer({ status: 503, headers: { 'retry-after': asked } }, 'ok');
    given.sender.track('a');
    await pass(SOON_MS + ms - 1);
    expect(given.line.requests).toHaveLength(1);
    await pass(5);
    expect(given.line.settled).toEqual(['a']);
  });

  it.each([408, 429, 500, 502, 504])('Retry-After holds with %i too', async (status) => {
    given.line.answer({ status, headers: { 'retry-after': '20' } }, 'ok');
    given.sender.track('a');
    await pass(60_000);
    expect(given.line.gaps()).toEqual([20_000]);
  });

  it('of what is asked and what is due the longer holds', async () => {
    const short = { status: 503, headers: { 'retry-after': '3' } };
    expect(await failing(3_000 + 3_000 + 4_000 + 8_000, short)).toEqual([3_000, 3_000, 4_000, 8_000]);
  });

  it.each(HASTENERS)('a pause that was asked for is kept though %s', async (_name, hasten) => {
    const { line, sender } = given;
    line.answer({ status: 429, headers: { 'retry-after': '90' } }, 'ok');
    sender.track('a');
    await pass(1_000);
    sender.track('b');
    for (let n = 0; n < 80; n++) {
      void hasten(given);
      await pass(1_000);
    }
    expect(line.requests).toHaveLength(1);
    await pass(10_000);
    expect(line.settled).toEqual(['a', 'b']);
    expect(line.gaps()).toEqual([90_000]);
  });

  it.each(HASTENERS)('a wait of our own ends at once when %s', async (_name, hasten) => {
    const { line, sender } = given;
    line.answer('no network', 'no network', 'no network', 'no network', 'ok');
    sender.track('a');
    await pass(SOON_MS + 1_000 + 2_000 + 4_000 + 10);
    expect(line.settled).toEqual([]);
    void hasten(given);
    await pass(10);
    expect(line.settled).toEqual(['a']);
  });

  it.each(HASTENERS)('nothing waits: nothing is sent when %s', async (_name, hasten) => {
    const { line, sender } = given;
    sender.track('a');
    await pass(1_000);
    void hasten(given);
    await pass(60_000);
    expect(line.requests).toHaveLength(1);
  });
}
