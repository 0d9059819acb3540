import type { SourceMapping } from './policy.ts';

/**
 * How the terms of each consent source become purposes where a policy says nothing else. A purpose that a source has no
 * term for stays unknown.
 *
 * `tcf`: the publisher's own side of the TC string, and the framework's purpose 1 (storage) with it, for a shop that
 * measures itself is no vendor on the global list. Of custom purposes nobody but the site knows what they mean.
 * `gpp`: its European section, for the same reasons. Sections of the United States say who has not objected, which is no
 * consent: a policy for a site there maps them.
 *
 * Managers whose categories a site names itself: only names that their makers use everywhere, and of those only what they
 * plainly mean. That a visitor accepts marketing cookies is no word on sending data to an advertiser, so `ads_share` is
 * for the site's own policy to map.
 * `axeptio`, `klaro`, `tarteaucitron`: they ask for each vendor or service by a name that the site gives it. One that is
 * called `parcours` is this one, and stands for no more than audience.
 * `didomi`: the ids of its standard purposes, which are the framework's. `sirdata`: the framework's purposes, without the
 * publisher's own side, which does not exist outside the framework.
 */
export const DEFAULT_SOURCES: { readonly [source: string]: SourceMapping } = {
  axeptio: { audience: ['parcours'] },
  consent_mode: {
    audience: ['analytics_storage'],
    personalisation: ['personalization_storage'],
    ads_measurement: ['ad_storage'],
    ads_share: ['ad_user_data', 'ad_personalization'],
  },
  cookiebot: { audience: ['statistics'], ads_measurement: ['marketing'] },
  didomi: {
    audience: ['purpose.cookies', 'purpose.measure_content_performance', 'purpose.market_research'],
    personalisation: [
      'purpose.cookies',
      'purpose.create_content_profile',
      'purpose.select_personalized_content',
      'purpose.improve_products',
    ],
    ads_measurement: ['purpose.cookies', 'purpose.measure_ad_performance'],
    ads_share: [
      'purpose.cookies',
      'purpose.select_basic_ads',
      'purpose.create_ads_profile',
      'purpose.select_personalized_ads',
      'purpose.measure_ad_performance',
    ],
  },
  gpp: {
    audience: [
      'tcfeuv2.PurposeConsents.1',
      'tcfeuv2.PublisherConsents.1',
      'tcfeuv2.PublisherConsents.8',
      'tcfeuv2.PublisherConsents.9',
    ],
    personalisation: [
      'tcfeuv2.PurposeConsents.1',
      'tcfeuv2.PublisherConsents.1',
      'tcfeuv2.PublisherConsents.5',
      'tcfeuv2.PublisherConsents.6',
      'tcfeuv2.PublisherConsents.10',
    ],
    ads_measurement: ['tcfeuv2.PurposeConsents.1', 'tcfeuv2.PublisherConsents.1', 'tcfeuv2.PublisherConsents.7'],
    ads_share: [
      'tcfeuv2.PurposeConsents.1',
      'tcfeuv2.PublisherConsents.1',
      'tcfeuv2.PublisherConsents.2',
      'tcfeuv2.PublisherConsents.3',
      'tcfeuv2.PublisherConsents.4',
      'tcfeuv2.PublisherConsents.7',
    ],
  },
  klaro: { audience: ['parcours'] },
  onetrust: { audience: ['C0002'], ads_measurement: ['C0004'] },
  shopify: {
    audience: ['analyticsProcessingAllowed'],
    personalisation: ['preferencesProcessingAllowed'],
    ads_measurement: ['marketingAllowed'],
    ads_share: ['marketingAllowed', 'saleOfDataAllowed'],
  },
  sirdata: {
    audience: ['purpose.1', 'purpose.8', 'purpose.9'],
    personalisation: ['purpose.1', 'purpose.5', 'purpose.6', 'purpose.10'],
    ads_measurement: ['purpose.1', 'purpose.7'],
    ads_share: ['purpose.1', 'purpose.2', 'purpose.3', 'purpose.4', 'purpose.7'],
  },
  tarteaucitron: { audience: ['parcours'] },
  tcf: {
    audience: ['purpose.1', 'publisher.1', 'publisher.8', 'publisher.9'],
    personalisation: ['purpose.1', 'publisher.1', 'publisher.5', 'publisher.6', 'publisher.10'],
    ads_measurement: ['purpose.1', 'publisher.1', 'publisher.7'],
    ads_share: ['purpose.1', 'publisher.1', 'publisher.2', 'publisher.3', 'publisher.4', 'publisher.7'],
  },
  vanilla_cookieconsent: { audience: ['analytics'], ads_measurement: ['marketing'] },
};
