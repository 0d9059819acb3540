import type { Policy } from '../consent/policy.ts';

/**
 * The built-in policies of earlier versions of the program, whole, the oldest first; only added to. Pages that are open while
 * a collector is upgraded, and choices of before, name the one of their time: it is known, whatever is in force now, and
 * a receipt of then still tells under which rules it was given.
 */
export const EARLIER_BUILT_IN: readonly Policy[] = [];
