import type { Term } from '../terms.ts';
import type { Breach, Law } from './law.ts';

const PRESET_MISSING: Term = {
  rule: 'needs "preset": "cnil-fr-2025", which keeps to all conditions of the exemption',
  source: 'CNIL délib. 2020-091, art. 5',
};

const NO_EXEMPTION: Readonly<Record<string, Term>> = {
  BE: {
    rule: 'Belgium exempts no audience measurement from consent',
    source: 'Belgium, law of 30 July 2018, art. 10/2; APD/GBA on cookies',
  },
};

const ELSEWHERE: Term = {
  rule: 'is an exemption of French law: a site of another country needs consent',
  source: 'ePrivacy directive 2002/58/EC, art. 5(3); France, law of 6 January 1978, art. 82',
};

const PURPOSE_MISSING: Term = {
  rule: 'must hold audience_exempt with the basis exempt: the preset is for that purpose alone',
  source: 'CNIL délib. 2020-091, art. 5',
};

/** Measurement without consent, which needs an exemption, and here the preset that keeps to its conditions. */
export const exempt: Law = ({ country, preset, exempt: added, before_choice, purposes }) => {
  const found: Breach[] = [];
  const abroad = country === 'FR' ? undefined : (NO_EXEMPTION[country] ?? ELSEWHERE);
  const term = abroad ?? (preset === undefined ? PRESET_MISSING : undefined);
  if (preset !== undefined) {
    if (abroad) return [{ at: ['preset'], value: preset, ...abroad }];
    if (!purposes.audience_exempt) found.push({ at: ['purposes'], value: purposes, ...PURPOSE_MISSING });
  }
  if (!term) return found;
  if (before_choice === 'exempt') found.push({ at: ['before_choice'], value: 'exempt', ...term });
  if (purposes.audience_exempt?.basis === 'exempt')
    found.push({ at: ['purposes', 'audience_exempt'], value: purposes.audience_exempt, ...term });
  if (added !== undefined) found.push({ at: ['exempt'], value: added, ...term });
  return found;
};
