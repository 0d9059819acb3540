import type { MicroClient } from '../connect_micro.ts';
import { countLine, failureLine, refusalLine } from '../lines.ts';
import type { Accounts } from '../seen.ts';
import { type MatcherOptions, type MatcherState, timeoutOf, type Verdict } from './matcher.ts';

/** No event failed its checks so far. It does not wait: expect first what comes last. */
export const toHaveNoFailed = async (micro: MicroClient): Promise<Verdict> =>
  none('an event to have failed', (await micro.failed()).map(failureLine));

/** No event was left out for want of consent so far. It does not wait. */
export const toHaveNoFiltered = async (micro: MicroClient): Promise<Verdict> =>
  none('an event to have been left out', (await micro.filtered()).map(countLine));

/** No request was refused whole so far: no wrong key, unknown site, or page that may not send. It does not wait. */
export const toHaveNoRefused = async (micro: MicroClient): Promise<Verdict> =>
  none('a request to have been refused', (await micro.refused()).map(refusalLine));

/**
 * Everything that was sent ended in one way, and what was accepted is stored: received = accepted + duplicate + filtered +
 * failed + retry. Waits up to `timeout` for batches that are under way.
 */
export async function toHaveAllAddedUp(
  this: MatcherState,
  micro: MicroClient,
  options: MatcherOptions = {},
): Promise<Verdict> {
  const deadline = performance.now() + timeoutOf(options, this);
  let accounts = await micro.accounts();
  while (!accounts.adds_up && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    accounts = await micro.accounts();
  }
  return {
    pass: accounts.adds_up,
    message: () => `expected the accounts ${accounts.adds_up ? 'not ' : ''}to add up: ${sumLine(accounts)}`,
  };
}

function none(what: string, lines: readonly string[]): Verdict {
  if (lines.length === 0) return { pass: true, message: () => `expected ${what}, and there is none` };
  return { pass: false, expected: [], actual: lines, message: () => [`expected not ${what}`, ...lines].join('\n') };
}

const sumLine = ({ received, accepted, duplicate, filtered, failed, retry }: Accounts): string =>
  `received ${received}, accepted ${accepted}, duplicate ${duplicate}, filtered ${filtered}, failed ${failed}, retry ${retry}`;
