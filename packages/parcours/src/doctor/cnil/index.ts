import type { Check } from '../check.ts';
import { HELD } from './held.ts';
import { durations, objection, purpose, statistics } from './in_force.ts';

/**
 * The conditions of France's exemption for audience measurement, as this program cuts them: fourteen that can be looked at, each
 * with its evidence. A way to prove what is done, and no approval by anybody. Sources: CNIL délib. 2020-091, art. 5; CNIL,
 * audience measurement, 4 July 2025; self-assessments of other tools.
 */
export const CNIL: readonly Check[] = [purpose, ...HELD, statistics, objection, durations];

/** What no program can see, and whoever measures must show. */
export const YOURS: readonly string[] = [
  'information: the privacy page says what is measured, why, for how long, and how to object, with a link to do so',
  'processor: whoever hosts this for you does so under a contract (GDPR art. 28), and uses nothing for itself',
];
