import { MAXIMA, maximumOf } from '../maxima.ts';
import { FORMAT } from '../terms.ts';
import type { Breach, Law } from './law.ts';

/** Numbers over their maximum, or under their minimum. */
export const numbers: Law = (rules) => {
  const { country, retention, cookie_days, report_k } = rules;
  const found: Breach[] = [];
  for (const name of Object.keys(MAXIMA) as (keyof typeof MAXIMA)[]) {
    const isRetained = name in retention;
    const value = { ...retention, ...rules }[name];
    const { maximum, term } = maximumOf(name, country);
    if (value !== undefined && value > maximum)
      found.push({ at: isRetained ? ['retention', name] : [name as 'cookie_days'], value, ...term });
  }
  if (report_k < 5) {
    found.push({
      ...{ at: ['report_k'], value: report_k, rule: 'must be at least 5: a smaller group can be told apart' },
      source: 'WP29 opinion 05/2014 on anonymisation, 3.2.1 (k-anonymity)',
    });
  }
  const isCookieLegal = cookie_days <= maximumOf('cookie_days', country).maximum;
  if (isCookieLegal && retention.tombstones_days < cookie_days) {
    found.push({
      at: ['retention', 'tombstones_days'],
      value: retention.tombstones_days,
      rule: `must be at least cookie_days (${cookie_days}): an id that a device still has would bring the erased back`,
      source: `GDPR art. 17; ${FORMAT}`,
    });
  }
  return found;
};
