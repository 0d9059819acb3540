import { expect, it } from 'vitest';
import { pass, setHidden } from '../page.ts';
import type { Case } from './contract.ts';
import type { Request } from './line.ts';
import type { DeliverySubject } from './subject.ts';

const LONG_MS = 900_000;
/** Of bodies under way at a time, where they are to outlive their page. Source: Fetch, 4.6, on `keepalive`. */
const KEEPALIVE_BYTES = 64 * 1024;

/** Refuses as too large what has more events than that. */
const atMost =
  (events: number) =>
  (request: Request): 'ok' | { status: number } =>
    request.events.length > events ? { status: 413 } : 'ok';

const bytesOf = ({ body }: Request): number => new TextEncoder().encode(body).length;

export function sizeCases(given: Case, subject: DeliverySubject): void {
  const trackMany = (count: number, props: object = {}): void => {
    for (let n = 0; n < count; n++) given.sender.track(`e${n}`, props);
  };
  const counts = (): readonly number[] => given.line.requests.map(({ events }) => events.length);

  it.each([
    [8, 4, [8, 4, 4]],
    [8, 1, [8, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1]],
    [9, 4, [9, 4, 4, 1]],
    [3, 2, [3, 1, 1, 1]],
    [2, 1, [2, 1, 1]],
  ])('of %i events, refused as too large beyond %i, halves go: %j, and none is lost', async (count, most, sent) => {
    given.line.answer(atMost(most));
    trackMany(count);
    await pass(LONG_MS);
    expect(counts()).toEqual(sent);
    expect(given.line.settled).toEqual(Array.from({ length: count }, (_, n) => `e${n}`));
    expect(given.sender.lost()).toBe(0);
  });

  it('only the one event that is too large by itself is lost, and its neighbours are not', async () => {
    given.line.answer(({ events }) => (events.some(({ name }) => name === 'e2') ? { status: 413 } : 'ok'));
    trackMany(4);
    await pass(LONG_MS);
    expect([...given.line.settled].sort()).toEqual(['e0', 'e1', 'e3']);
    expect(given.sender.lost()).toBe(1);
  });

  it('a half waits as any other try does', async () => {
    given.line.answer(atMost(1));
    trackMany(4);
    await pass(LONG_MS);
    expect(given.line.gaps().slice(0, 2)).toEqual([1_000, 2_000]);
  });

  it('what was too large once is not tried whole again', async () => {
    given.line.answer(atMost(2));
    trackMany(4);
    await pass(LONG_MS);
    trackMany(4);
    await pass(LONG_MS);
    expect(counts()).toEqual([4, 2, 2, 2, 2]);
  });

  it('a loss is reported once, however often the report is refused', async () => {
    const { line, sender } = given;
    line.answer({ status: 400 }, { status: 503 }, 'no network', 'ok');
    sender.track('wrong');
    await pass(1_000);
    sender.track('next');
    await pass(LONG_MS);
    sender.track('last');
    await pass(LONG_MS);
    expect(line.requests.map(({ body }) => subject.lossesIn(body))).toEqual([0, 1, 1, 1, 0]);
  });

  it('250 events go in requests of at most 100, in order', async () => {
    trackMany(250);
    await pass(1_000);
    expect(counts()).toEqual([100, 100, 50]);
    expect(given.line.settled).toEqual(Array.from({ length: 250 }, (_, n) => `e${n}`));
  });

  it('no request is larger than a browser lets outlive its page, counted in bytes', async () => {
    trackMany(20, { text: 'é'.repeat(5_000) });
    await pass(1_000);
    expect(given.line.settled).toHaveLength(20);
    for (const request of given.line.requests) expect(bytesOf(request)).toBeLessThan(KEEPALIVE_BYTES);
  });

  it('nor are those that are under way together while the page goes', async () => {
    given.line.answer('hangs');
    trackMany(6, { text: 'x'.repeat(9_000) });
    await pass(300);
    trackMany(6, { text: 'x'.repeat(9_000) });
    setHidden(true);
    window.dispatchEvent(new Event('pagehide'));
    const bytes = given.line.requests.reduce((sum, request) => sum + bytesOf(request), 0);
    expect(bytes).toBeGreaterThan(KEEPALIVE_BYTES / 2);
    expect(bytes).toBeLessThan(KEEPALIVE_BYTES);
  });
}
