import { permitMarkup } from './permit_markup.js';
import { announceChoice } from './purposes.js';
import * as manager from './vanilla-cookieconsent.js';

/**
 * The consent banner of vanilla-cookieconsent. It keeps the choice in a cookie of its own, for 182 days. Nothing here tells
 * Parcours: the source `p.vanilla-cookieconsent.js` reads the manager by itself.
 *
 * @typedef {import('./purposes.js').Choice} Choice
 */

/** The manager's categories by our purposes: `consent.policy.json` says the same to Parcours. */
const CATEGORIES = { audience: 'analytics', ads_measurement: 'marketing', crm_join: 'account' };

/** @returns {Choice | undefined} nothing where none was made */
export function readChoice() {
  if (!manager.validConsent()) return undefined;
  const read = Object.entries(CATEGORIES).map(([purpose, category]) => [purpose, manager.acceptedCategory(category)]);
  return /** @type {Choice} */ (Object.fromEntries(read));
}

/** @param {Partial<Choice>} made  what it does not name stays as it was */
export function choose(made) {
  const choice = { ...readChoice(), ...made };
  const accepted = Object.entries(CATEGORIES).filter(([purpose]) => choice[/** @type {keyof Choice} */ (purpose)]);
  manager.acceptCategory(accepted.map(([, category]) => category));
}

/** @param {{ consentTexts: import('../texts/en.mjs').Texts['consent'] }} data  of the page */
export function startConsent({ consentTexts: t }) {
  permitMarkup();
  // Where Parcours' source looks for a library that is no script of its own.
  Object.assign(window, { CookieConsent: manager });
  const category = (
    /** @type {string} */ linkedCategory,
    /** @type {string} */ title,
    /** @type {string} */ description,
  ) => ({
    title,
    description,
    linkedCategory,
  });
  const language = document.documentElement.lang;
  void manager.run({
    // A robot is asked as anybody is: it does not agree by itself.
    hideFromBots: false,
    categories: { necessary: { readOnly: true, enabled: true }, analytics: {}, marketing: {}, account: {} },
    guiOptions: { consentModal: { layout: 'bar inline', equalWeightButtons: true } },
    language: {
      default: language,
      translations: {
        [language]: {
          consentModal: {
            title: t.title,
            description: t.text,
            acceptAllBtn: t.accept,
            acceptNecessaryBtn: t.refuse,
            showPreferencesBtn: t.choose,
          },
          preferencesModal: {
            title: t.purposes,
            acceptAllBtn: t.everything,
            acceptNecessaryBtn: t.nothing,
            savePreferencesBtn: t.save,
            closeIconLabel: t.close,
            sections: [
              category('necessary', t.necessary, t.necessaryText),
              category('analytics', t.audience, t.audienceText),
              category('marketing', t.ads_measurement, t.ads_measurementText),
              category('account', t.crm_join, t.crm_joinText),
            ],
          },
        },
      },
    },
    onConsent: announceChoice,
    onChange: announceChoice,
  });
  document.querySelector('[data-consent-open]')?.addEventListener('click', manager.showPreferences);
}
