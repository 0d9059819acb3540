import type { Purpose } from './purposes.ts';

/**
 * How one consent source's own terms become purposes: a purpose is granted where every one of its signals is.
 * A purpose that is not listed stays unknown, and is never granted.
 */
export type SourceMapping = { readonly [purpose in Purpose]?: readonly string[] | undefined };

/**
 * Why the law lets a purpose be pursued: the visitor's consent, strict necessity for what the visitor asked for, or the
 * exemption for audience measurement. Legitimate interest is not among them: it does not open a device (ePrivacy
 * directive, art. 5(3); in France art. 82 of the law of 6 January 1978).
 */
export const LEGAL_BASES = ['consent', 'necessary', 'exempt'] as const;

export type LegalBasis = (typeof LEGAL_BASES)[number];

/** What happens before the visitor has chosen: held in the page's memory, dropped, or told without consent as exempt. */
export const BEFORE_CHOICE = ['memory', 'drop', 'exempt'] as const;

export type BeforeChoice = (typeof BEFORE_CHOICE)[number];

/** Rules of a country for measuring without consent, kept to as a whole. */
export const PRESETS = ['cnil-fr-2025'] as const;

export type Preset = (typeof PRESETS)[number];

/** What a site may add to a preset. */
export interface ExemptRules {
  /** Whether what is exempt is told of visitors too who have refused. An objection ends it in any case. Default `false`. */
  readonly after_refusal?: boolean | undefined;
  /** Whether visitors of one day are counted, by a keyed hash whose key is gone two days later. Default `false`. */
  readonly cookieless?: boolean | undefined;
}

/** Days for which each class of data is kept. */
export interface Retention {
  readonly audience_exempt_days: number;
  readonly events_days: number;
  readonly profiles_days: number;
  /** After the end of the choice that a receipt proves. */
  readonly receipts_days: number;
  readonly tombstones_days: number;
  /** The audit log, which is of all sites: the longest of them holds. Absent: six years (`auditDays`). */
  readonly audit_days?: number | undefined;
}

/** Somebody who is given data, or a category of them (GDPR art. 15(1)(c)), as a person who asks is told. */
export interface Recipient {
  /** Such as `Example Hosting SAS, host of the machines`. 1 to 200 characters. */
  readonly name: string;
  /** The purposes that they are given data for. Absent: for every one. */
  readonly purposes?: readonly Purpose[] | undefined;
}

/** What a policy says for one site. */
export interface SiteRules {
  /** ISO 3166-1 alpha-2: whose law the limits follow. */
  readonly country: string;
  /** Measures without consent, under all the conditions of a country's exemption. Absent: nothing is. */
  readonly preset?: Preset | undefined;
  readonly exempt?: ExemptRules | undefined;
  /** The purposes that may be granted, each with its legal basis. */
  readonly purposes: { readonly [purpose in Purpose]?: { readonly basis: LegalBasis } | undefined };
  readonly before_choice: BeforeChoice;
  /** Days for which a choice stands, a refusal too; then it is as if none had been made. */
  readonly choice_days: number;
  /** Days from first issue that a visitor's id lives. */
  readonly cookie_days: number;
  /** The types of events that are taken, `*` for every other, each with purposes of which one must be granted. */
  readonly events: { readonly [type: string]: readonly Purpose[] };
  /**
   * The purposes of which one must be granted for a field to be kept, by its column: `title`, `utm_*`, `click_id`,
   * `keys.customer_id`, `props.search_term`. A field that is not listed needs `audience`.
   */
  readonly fields: { readonly [field: string]: readonly Purpose[] };
  /** What a browser's Global Privacy Control takes away. */
  readonly gpc_removes: readonly Purpose[];
  /** By the name of each consent source. */
  readonly sources: { readonly [source: string]: SourceMapping };
  readonly retention: Retention;
  /** Who is given data of this site, beside whoever is responsible for it. Absent: nobody is named. */
  readonly recipients?: readonly Recipient[] | undefined;
  /** Reports show no group of fewer people. */
  readonly report_k: number;
  /** Whether the site's pages may show the consent debugger. */
  readonly debug: boolean;
}

/** Rules as a policy gives them: those that it does not name are as they were. */
export type PolicyRules = {
  readonly [rule in Exclude<keyof SiteRules, 'country' | 'retention'>]?: SiteRules[rule] | undefined;
} & { readonly retention?: { readonly [days in keyof Retention]?: number | undefined } | undefined };

/** The content of `consent.policy.json`. */
export interface Policy {
  readonly $schema?: string | undefined;
  /** Version of the format. */
  readonly policy: 1;
  /** Version of this policy, semantic. Once published, its content never changes. */
  readonly version: string;
  /** The country of sites that name none. */
  readonly country?: string | undefined;
  /** For every site. */
  readonly rules?: PolicyRules | undefined;
  /** For the sites of a country, over `rules`. */
  readonly countries?: { readonly [country: string]: PolicyRules } | undefined;
  /** For one site, over both. */
  readonly sites?: { readonly [site: string]: PolicyRules & { readonly country?: string | undefined } } | undefined;
}

/** What of a policy a browser needs: rules that are tables are spelled out, so that no page carries the built-in ones. */
export interface BrowserPolicy {
  /** Of the whole policy: stands on every stamp. */
  readonly hash: string;
  /** The purposes that a visitor may grant here. */
  readonly purposes: readonly Purpose[];
  readonly choice_days?: number | undefined;
  readonly cookie_days?: number | undefined;
  readonly before_choice?: 'drop' | undefined;
  /** Measures without consent before the choice, after a refusal too where it says so. Absent: nothing is. */
  readonly exempt?: { readonly after_refusal?: true | undefined } | undefined;
  readonly events: SiteRules['events'];
  readonly fields: SiteRules['fields'];
  readonly gpc: readonly Purpose[];
  /** Absent: no source is mapped. */
  readonly sources?: SiteRules['sources'] | undefined;
  readonly debug?: true | undefined;
}
