/**
 * The purposes a visitor may grant, in the project's own vocabulary (mapped to TCF, Consent Mode and Shopify by policy).
 * `necessary` needs no grant and unlocks nothing but the consent record itself.
 */
export const PURPOSES = [
  'necessary',
  'audience_exempt',
  'audience',
  'personalisation',
  'ads_measurement',
  'ads_share',
  'crm_join',
] as const;

export type Purpose = (typeof PURPOSES)[number];

/** Three values, and only `granted` permits anything: unknown is never granted. */
export type PurposeState = 'granted' | 'denied' | 'unknown';

/** A visitor's choice as a site states it: `true` grants, `false` denies, a missing purpose stays unknown. */
export type Choice = { readonly [purpose in Purpose]?: boolean | undefined };

/** Whether a text names a purpose. */
export const isPurpose = (name: string): name is Purpose => (PURPOSES as readonly string[]).includes(name);
