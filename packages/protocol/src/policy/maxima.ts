import { FORMAT, type Term } from './terms.ts';

/** The most that a number may be, and who says so. */
interface Maximum {
  readonly maximum: number;
  /** Of a policy for any country, and for France where its law has the number. */
  readonly term: Term;
  readonly france?: { readonly maximum: number; readonly term: Term };
}

const CNIL_RECOMMENDATION = 'CNIL délib. 2020-092, art. 5';

const KEPT: Maximum = {
  maximum: 3650,
  term: { rule: 'must be at most 3650 days: what is kept needs an end', source: 'GDPR art. 5(1)(e)' },
};

/** Numbers whose maximum the law or a standard sets, or this program where neither does. */
export const MAXIMA = {
  cookie_days: {
    maximum: 395,
    term: {
      rule: 'must be at most 395 days (13 months): browsers keep no cookie beyond 400',
      source: 'RFC 6265bis, cookie lifetime limits',
    },
    france: { maximum: 395, term: { rule: 'must be at most 395 days (13 months)', source: CNIL_RECOMMENDATION } },
  },
  choice_days: {
    maximum: 395,
    term: {
      rule: 'must be at most 395 days (13 months): no choice outlives the id that it allows',
      source: `${FORMAT}; GDPR art. 7`,
    },
    france: {
      maximum: 182,
      term: {
        rule: 'must be at most 182 days in France: a choice, yes or no, is asked again after about six months',
        source: 'CNIL délib. 2020-092 (choices kept six months)',
      },
    },
  },
  audience_exempt_days: {
    maximum: 759,
    term: { rule: 'must be at most 759 days (25 months)', source: CNIL_RECOMMENDATION },
  },
  events_days: KEPT,
  profiles_days: KEPT,
  receipts_days: KEPT,
  tombstones_days: KEPT,
  audit_days: KEPT,
} as const satisfies Readonly<Record<string, Maximum>>;

export const maximumOf = (
  name: keyof typeof MAXIMA,
  country: string,
): { readonly maximum: number; readonly term: Term } => {
  const all: Maximum = MAXIMA[name];
  return (country === 'FR' && all.france) || all;
};
