import type { SiteRules } from '../../consent/policy.ts';
import type { Purpose } from '../../consent/purposes.ts';
import { FORMAT, type Term } from '../terms.ts';
import type { Breach, Law } from './law.ts';

const GPC: Term = {
  rule: 'Global Privacy Control takes permissions away and grants none: name it in gpc_removes',
  source: 'W3C Global Privacy Control',
};

const LEGITIMATE: Term = {
  rule: 'is a signal of legitimate interest, which grants nothing here: name the signal of consent',
  source: 'TCF 2.2 (none for purposes 3 to 6); ePrivacy directive 2002/58/EC, art. 5(3)',
};

const MANUAL: Term = {
  rule: 'has no terms of its own: what a page tells by hand are the purposes themselves; leave it out',
  source: FORMAT,
};

const isGpc = (name: string): boolean => /^(sec[-_])?gpc$|global_?privacy_?control/i.test(name);

/** `publisher.legitimateInterests.8`, `tcfeuv2.PurposesLITransparency.8`: as consent strings and managers write it. */
const isLegitimate = (signal: string): boolean =>
  /legitimate|LITransparency|(^|[._-])(li|legint)([._-]|\d|$)/i.test(signal);

/** Signals that grant and must not. */
export const signals: Law = ({ sources }) =>
  Object.entries(sources).flatMap(([source, mapping]) => {
    if (source === 'manual') return [{ at: ['sources', source] as const, value: mapping, ...MANUAL }];
    if (isGpc(source)) return [{ at: ['sources', source] as const, value: mapping, ...GPC }];
    return (Object.entries(mapping) as [Purpose, readonly string[]][]).flatMap(([purpose, needed = []]) =>
      needed.flatMap((signal, index): readonly Breach[] => {
        const term = isGpc(signal) ? GPC : isLegitimate(signal) ? LEGITIMATE : undefined;
        return term ? [{ at: ['sources', source, purpose, index], value: signal, ...term }] : [];
      }),
    );
  });

/** Purposes whose withdrawal by the browser binds by law. */
export const gpc: Law = ({ country, gpc_removes }: SiteRules) =>
  country === 'US' && !gpc_removes.includes('ads_share')
    ? [
        {
          ...{ at: ['gpc_removes'] as const, value: gpc_removes },
          rule: 'must hold ads_share in the US: the browser’s signal opts out of sale and sharing',
          source: 'California, 11 CCR § 7025(b)',
        },
      ]
    : [];
