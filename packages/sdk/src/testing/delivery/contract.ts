import { afterEach, beforeEach, describe, vi } from 'vitest';
import { setHidden } from '../page.ts';
import { answerCases } from './answers.ts';
import { type Line, openLine } from './line.ts';
import { pageCases } from './page_life.ts';
import { sizeCases } from './sizes.ts';
import type { DeliverySubject, Sender } from './subject.ts';
import { waitCases } from './waits.ts';

/** What a case has: a page that is open and visible, the way to the collector, and the luck of the draw. */
export interface Case {
  readonly line: Line;
  /** The page's tracker; set anew by a case that reloads the page. */
  sender: Sender;
  /** Every random number from now on, from 0 to 1. Default 1, where each wait is the longest. */
  draw(random: number): void;
}

export type Cases = (given: Case) => void;

const BEGIN = Date.parse('2026-11-22T10:00:00Z');

/**
 * The contract of polite retry: which answers end a try and which begin another, when it comes and what it carries. The
 * clock is the tests' own, so that waits of minutes take none.
 */
export function deliveryContract(name: string, subject: DeliverySubject): void {
  describe(`polite retry: ${name}`, () => {
    let line: Line;
    let sender: Sender;
    const given: Case = {
      get line() {
        return line;
      },
      get sender() {
        return sender;
      },
      set sender(next) {
        sender = next;
      },
      draw: (random) => void vi.spyOn(Math, 'random').mockReturnValue(random),
    };

    beforeEach(() => {
      localStorage.clear();
      vi.useFakeTimers({ now: BEGIN });
      given.draw(1);
      // A timer of the browser's own, which the tests' clock does not move.
      vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), ms);
        return controller.signal;
      });
      line = openLine(subject);
      sender = subject.start(line);
    });
    afterEach(async () => {
      setHidden(false);
      line.answer('ok');
      sender.stop();
      await vi.advanceTimersByTimeAsync(1);
      vi.restoreAllMocks();
      vi.useRealTimers();
    });

    describe('by its answer', () => answerCases(given));
    describe('waits', () => waitCases(given));
    describe('sizes', () => sizeCases(given, subject));
    describe('the page', () => pageCases(given, subject));
  });
}
