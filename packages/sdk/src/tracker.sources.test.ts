import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSource } from './consent/create_source.ts';
import type { ChoiceDetails, ConsentSource } from './consent/source.ts';
import { pass } from './testing/page.ts';
import { openTracker, page, tracker, types, visitInEachTest } from './testing/visit.ts';
import type { Tracker } from './tracker_types.ts';

const YES = { statistics: true };

let error: ReturnType<typeof vi.spyOn>;

const open = (consent: ConsentSource): Tracker => openTracker({ consent });

visitInEachTest({ opens: false });
beforeEach(() => {
  error = vi.spyOn(console, 'error').mockImplementation(() => {});
});

/** A source that says what the test has it say, by a callback of its manager. */
function played() {
  let tell = (
    _act: (tell: (signals: Record<string, boolean> | undefined, details?: ChoiceDetails) => void) => void,
  ): void => {};
  const source = createSource('cmp', ({ safely, tell: report }) => {
    tell = safely((act) => act(report));
  });
  return {
    source,
    say: (signals: Record<string, boolean> | undefined, details?: ChoiceDetails) =>
      tell((report) => report(signals, details)),
    fail: () =>
      tell(() => {
        throw new Error('theirs');
      }),
  };
}

describe('a consent source that fails', () => {
  it.each([
    ['that says nothing', (): ConsentSource => ({ name: 'cmp', start: () => {} }), 0],
    [
      'that throws at its start',
      (): ConsentSource => ({
        name: 'cmp',
        start: () => {
          throw new Error('absent');
        },
      }),
      1,
    ],
  ])('%s: what is held goes after 30 s', async (_what, create, errors) => {
    open(create());
    tracker.track('a');
    await pass(29_000);
    tracker.track('b');
    await pass(1_000);
    tracker.track('c');
    tracker.consent({ audience: true });
    tracker.track('d');
    await pass(5_000);
    expect(types()).toEqual(['d']);
    expect(error).toHaveBeenCalledTimes(errors);
  });

  it('long after its start: nothing is granted any more, what is held goes after 30 s, one error', async () => {
    const { source, say, fail } = played();
    open(source);
    say(undefined);
    tracker.track('a');
    await pass(120_000);
    fail();
    fail();
    tracker.track('b');
    await pass(29_999);
    expect(tracker.consent()).toBe('pending');
    await pass(1);
    tracker.track('c');
    say(YES);
    tracker.track('d');
    await pass(5_000);
    expect(types()).toEqual(['d']);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('though it had granted: pending at once, and granted again by what it says next', async () => {
    const { source, say, fail } = played();
    open(source);
    say(YES);
    expect(tracker.consent()).toBe('granted');
    fail();
    expect(tracker.consent()).toBe('pending');
    tracker.track('held');
    await pass(10_000);
    say(YES);
    await pass(60_000);
    tracker.track('late');
    await pass(5_000);
    expect(types()).toEqual(['held', 'late']);
  });

  it('in the middle of its start, after a grant: that stands no more', () => {
    open({
      name: 'cmp',
      start: (report) => {
        report(YES);
        throw new Error('half');
      },
    });
    expect(tracker.consent()).toBe('pending');
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('holds for as long as it waits for the visitor', async () => {
    const { source, say } = played();
    open(source);
    say(undefined);
    tracker.track('a');
    await pass(600_000);
    say(YES);
    await pass(5_000);
    expect(types()).toEqual(['a']);
  });
});

it('a manager without dates that asks again after six months: the same answer counts from the moment that it is given', async () => {
  const nextPage = async (): Promise<ReturnType<typeof played>> => {
    tracker.stop();
    await pass(1);
    const manager = played();
    open(manager.source);
    return manager;
  };
  open(played().source);
  (await nextPage()).say(YES);
  expect(tracker.consent()).toBe('granted');
  vi.setSystemTime(Date.now() + 183 * 86_400_000);
  const asking = await nextPage();
  asking.say(YES);
  expect(tracker.consent()).toBe('pending');
  const at = Date.now();
  asking.say(YES, { at });
  expect(tracker.consent()).toBe('granted');
  vi.setSystemTime(Date.now() + 181 * 86_400_000);
  (await nextPage()).say(YES);
  expect(tracker.consent()).toBe('granted');
  tracker.track('a');
  await pass(1_000);
  expect(page.collector.accepted.at(-1)?.stamps[0]?.at).toBe(new Date(at).toISOString());
});
