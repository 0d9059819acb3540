import { DEFAULT_SOURCES } from './default_sources.ts';
import type { SiteRules } from './policy.ts';
import type { Purpose } from './purposes.ts';

/** The types of events that are taken where no policy says otherwise. */
export const DEFAULT_EVENTS: SiteRules['events'] = { '*': ['audience'], identify: ['crm_join'] };

/** The fields that need more than `audience` where no policy says otherwise. */
export const DEFAULT_FIELDS: SiteRules['fields'] = {
  'utm_*': ['ads_measurement'],
  click_id: ['ads_measurement'],
  'keys.customer_id': ['crm_join'],
  'keys.loyalty_card': ['crm_join'],
  'keys.email_hmac': ['crm_join', 'ads_share'],
  'keys.phone_hmac': ['crm_join', 'ads_share'],
};

/** What Global Privacy Control takes away where no policy says otherwise. */
export const DEFAULT_GPC: readonly Purpose[] = ['ads_measurement', 'ads_share'];

/**
 * The rules of a site for which no policy says otherwise. The numbers are France's: a choice stands about six months
 * (CNIL recommendation 2020-092), a visitor's id 13 months and exempt data 25 (the same, art. 5).
 */
export const DEFAULT_RULES: SiteRules = {
  country: 'FR',
  purposes: {
    audience: { basis: 'consent' },
    personalisation: { basis: 'consent' },
    ads_measurement: { basis: 'consent' },
    ads_share: { basis: 'consent' },
    crm_join: { basis: 'consent' },
  },
  before_choice: 'memory',
  choice_days: 182,
  cookie_days: 395,
  events: DEFAULT_EVENTS,
  fields: DEFAULT_FIELDS,
  gpc_removes: DEFAULT_GPC,
  sources: DEFAULT_SOURCES,
  retention: {
    audience_exempt_days: 395,
    events_days: 395,
    profiles_days: 759,
    receipts_days: 1826,
    tombstones_days: 425,
  },
  report_k: 10,
  debug: false,
};
