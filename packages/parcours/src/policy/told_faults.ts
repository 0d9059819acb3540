import { shownValue } from '../config/index.ts';
import type { PlacedFault } from './policy_file.ts';

/** A fault on a line: place, path, rule, what it is, and where the rule comes from. */
export function faultLine({ place, path, steps, value, rule, source }: PlacedFault): string {
  const shown = shownValue(steps, value);
  const where = [place, path].filter(Boolean).join(': ');
  return `${where}: ${rule}${shown === undefined ? '' : ` (it is ${shown})`} [${source}]`;
}
