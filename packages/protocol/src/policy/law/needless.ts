import type { SiteRules } from '../../consent/policy.ts';
import type { Purpose } from '../../consent/purposes.ts';
import type { Term } from '../terms.ts';
import type { Breach, Law } from './law.ts';

/** Purposes that nobody is asked for: what is listed under one of them would be kept without consent. */
const UNASKED: readonly Purpose[] = ['necessary', 'audience_exempt'];

const TERM: Term = {
  rule: 'asks nobody, and opens nothing: name a purpose that the visitor grants',
  source: 'ePrivacy directive 2002/58/EC, art. 5(3)',
};

/** Events and fields that would be freed of any purpose that a visitor grants, and signals that would grant one of those. */
export const needless: Law = ({ events, fields, gpc_removes, sources }) => [
  ...unasked('events', events),
  ...unasked('fields', fields),
  ...Object.entries(sources).flatMap(([source, mapping]) =>
    UNASKED.filter((purpose) => mapping[purpose] !== undefined).map(
      (purpose): Breach => ({ at: ['sources', source, purpose], value: mapping[purpose], ...TERM }),
    ),
  ),
  ...gpc_removes.flatMap((purpose, index): readonly Breach[] =>
    purpose === 'necessary' ? [{ at: ['gpc_removes', index], value: purpose, ...TERM }] : [],
  ),
];

const unasked = (at: 'events' | 'fields', listed: SiteRules['events']): readonly Breach[] =>
  Object.entries(listed).flatMap(([name, purposes]) =>
    purposes.flatMap((purpose, index): readonly Breach[] =>
      UNASKED.includes(purpose) ? [{ at: [at, name, index], value: purpose, ...TERM }] : [],
    ),
  );
