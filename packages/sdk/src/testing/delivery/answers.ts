import { expect, it } from 'vitest';
import { pass } from '../page.ts';
import type { Case } from './contract.ts';
import type { Answer } from './line.ts';
import type { Verdict } from './subject.ts';

/** Longer than any wait that the contract knows. */
const LONG_MS = 900_000;

/** The request was wrong, and would be again. Source: RFC 9110, 15.5. */
const FINAL = [400, 401, 403, 404, 405, 406, 409, 410, 411, 413, 414, 415, 422, 431, 451];
/** It came at a bad time, to a bad place, or to nobody who speaks the protocol. */
const AGAIN = [304, 408, 429, 500, 501, 502, 503, 504, 507, 511, 520].map((status): readonly [string, Answer] => [
  `the status is ${status}`,
  { status },
]);

const UNREADABLE: readonly (readonly [string, Answer])[] = [
  ['there is no network', 'no network'],
  ['the browser gives the request up', 'aborted'],
  ['the answer breaks off on its way', 'breaks in the body'],
  ['204 says nothing of any event', { status: 204 }],
  ['200 has no body', { text: '' }],
  ['a portal answers with its page', { text: '<!doctype html><title>Sign in</title>' }],
  ['the answer is cut', { text: '{"results":[{"event_id":"0' }],
  ['the answer is null', { text: 'null' }],
  ['the answer is a list', { text: '[]' }],
  ['the answer is a text', { text: '"ok"' }],
  ['the answer is of another protocol', { text: '{"success":true}' }],
  ['results are null', { text: '{"results":null}' }],
  ['results are no list', { text: '{"results":{"length":1}}' }],
  ['a result is null', { text: '{"results":[null]}' }],
  ['a result is empty', { text: '{"results":[{}]}' }],
  ['a result is of another event', { text: '{"results":[{"event_id":"other","status":"accepted"}]}' }],
  ['results are none', { verdicts: [] }],
  ['the verdict is to come again', { verdicts: ['retry'] }],
];

/** Verdicts of one answer; what is sent again, and how many are lost. */
const VERDICTS: readonly (readonly [readonly Verdict[], again: string, lost: number])[] = [
  [['accepted', 'accepted', 'accepted'], '', 0],
  [['duplicate', 'accepted', 'filtered'], '', 0],
  [['failed', 'accepted', 'failed'], '', 2],
  [['accepted', 'retry', 'accepted'], 'e1', 0],
  [['retry', 'accepted', 'retry'], 'e0 e2', 0],
  [['retry', 'failed', 'duplicate'], 'e0', 1],
  [['retry', 'retry', 'retry'], 'e0 e1 e2', 0],
  // Fewer than there are events: the rest was not spoken of.
  [['accepted'], 'e1 e2', 0],
];

export function answerCases(given: Case): void {
  const names = (n: number): readonly string[] => given.line.requests[n]?.events.map(({ name }) => name) ?? [];

  it.each(FINAL)('%i is final: told as a loss, reported with what comes next, never sent again', async (status) => {
    const { line, sender } = given;
    line.answer({ status, headers: { 'retry-after': '1' } }, 'ok');
    sender.track('wrong');
    await pass(1_000);
    expect(sender.lost()).toBe(1);
    sender.track('next');
    await pass(LONG_MS);
    expect(line.requests).toHaveLength(2);
    expect(line.settled).toEqual(['next']);
    expect(sender.lost()).toBe(1);
  });

  it.each([...AGAIN, ...UNREADABLE])(
    'another try where %s: the same event to the letter, until it is taken, and not once more',
    async (_name, answer) => {
      const { line, sender } = given;
      line.answer(answer, answer, answer, 'ok');
      sender.track('same', { text: 'é', list: [1, 2] });
      await pass(200 + 1_000 + 2_000 + 4_000 + 10);
      expect(line.requests).toHaveLength(4);
      expect(new Set(line.requests.flatMap(({ events }) => events.map(({ text }) => text))).size).toBe(1);
      expect(line.requests[0]?.events[0]?.at).toBe('2026-11-22T10:00:00.000Z');
      await pass(LONG_MS);
      expect(line.requests).toHaveLength(4);
      expect(line.settled).toEqual(['same']);
      expect(sender.lost()).toBe(0);
    },
  );

  it.each(VERDICTS)('%j: each event by its own verdict', async (verdicts, again, lost) => {
    const { line, sender } = given;
    line.answer({ verdicts }, 'ok');
    for (let n = 0; n < 3; n++) sender.track(`e${n}`);
    await pass(LONG_MS);
    expect(names(0)).toEqual(['e0', 'e1', 'e2']);
    expect(names(1).join(' ')).toBe(again);
    expect(line.requests).toHaveLength(again ? 2 : 1);
    expect(sender.lost()).toBe(lost);
  });

  it.each(['hangs', 'hangs in the body'] as const)('a request that %s is given up after 30 s', async (answer) => {
    const { line, sender } = given;
    line.answer(answer, 'ok');
    sender.track('a');
    await pass(30_000);
    expect(line.requests).toHaveLength(1);
    await pass(1_300);
    expect(line.settled).toEqual(['a']);
    expect(line.gaps()).toEqual([31_000]);
  });

  it('what came meanwhile goes behind what waits, in the order in which it happened', async () => {
    const { line, sender } = given;
    line.answer({ status: 503 }, { status: 503 }, 'ok');
    sender.track('first');
    await pass(300);
    sender.track('second');
    await pass(LONG_MS);
    expect(names(1)).toEqual(['first', 'second']);
    expect(line.settled).toEqual(['first', 'second']);
  });
}
