/** What a fault says beside its place: the rule that is broken, and where the rule comes from. */
export interface Term {
  readonly rule: string;
  readonly source: string;
}

/** Where rules of form come from that no law or standard makes. */
export const FORMAT = 'policy format 1';

/** Rules of form that come from a standard, or that a reader would take for a typo of ours. */
export const TERMS = {
  policy: { rule: 'must be 1, the only version of the format that this program knows', source: FORMAT },
  version: {
    rule: 'must be a semantic version such as 1.0.0, at most 64 characters',
    source: 'Semantic Versioning 2.0.0',
  },
  country: { rule: 'must be a country code such as FR', source: 'ISO 3166-1 alpha-2' },
  site: { rule: 'must be the id of a site: lower-case letters, digits and -, at most 63', source: FORMAT },
  days: { rule: 'must be a whole number of days, at least 1', source: FORMAT },
  groups: { rule: 'must be a whole number of people', source: FORMAT },
  purposes: { rule: 'must be a list of purposes', source: FORMAT },
  noPurpose: {
    rule: 'must name at least one purpose: what needs none would be kept of everybody',
    source: 'GDPR art. 5(1)(b)',
  },
  purposeTwice: { rule: 'stands twice in its list', source: FORMAT },
  noSignal: {
    rule: 'must name at least one signal, or leave the purpose out: what lists none is never granted',
    source: FORMAT,
  },
  signal: { rule: 'must be a signal of the source: 1 to 200 characters, without space at its ends', source: FORMAT },
  signals: { rule: 'must be a list of signals, all of which must be true, at most 20', source: FORMAT },
  sourceName: { rule: 'must be a source: lower-case letters, digits and _, at most 64', source: FORMAT },
  event: { rule: 'must be a type of event (lower-case letters, digits and _, at most 64) or *', source: FORMAT },
  basis: {
    rule: 'must be consent, necessary or exempt',
    source: 'GDPR art. 6; ePrivacy directive 2002/58/EC, art. 5(3)',
  },
  legitimateInterest: {
    rule: 'legitimate interest opens no device: purposes here need consent',
    source: 'ePrivacy directive 2002/58/EC, art. 5(3); TCF 2.2 (none for purposes 3 to 6)',
  },
  recipients: { rule: 'must be a list of recipients, at most 50', source: FORMAT },
  recipient: {
    rule: 'must say who it is, or what kind: 1 to 200 characters, without space at its ends',
    source: 'GDPR art. 15(1)(c)',
  },
  beforeChoice: { rule: 'must be memory, drop or exempt', source: FORMAT },
} as const satisfies Readonly<Record<string, Term>>;

/** Where a rule of form comes from, by its words. */
export const sourceOf = (rule: string): string =>
  Object.values(TERMS).find((term) => term.rule === rule)?.source ?? FORMAT;
