import type { Page } from 'playwright-core';

/** One consent manager as a site has it: its own package, set up in French, with two things to say yes or no to. */
export interface ManagedPage {
  /** Name of the source, as in stamps. */
  readonly source: string;
  /** Name in scripts and imports. */
  readonly script: string;
  /** Name under which its script is known to the page. */
  readonly addOn: string;
  /** What stands in the page's head, before and after the manager's own script. Files of packages are under `/npm/`. */
  readonly head: string;
  /** What the visitor is asked about: the first stands for audience. */
  readonly signals: readonly [audience: string, ads: string];
  /** Whether the manager keeps when the choice was made: without it only the page of the choice can tell. */
  readonly keepsDate: boolean;
  /** Waits until the visitor is asked. */
  asked(page: Page): Promise<unknown>;
  refuse(page: Page): Promise<unknown>;
  accept(page: Page): Promise<unknown>;
  /** Opens the details, whether or not a choice was made, and answers for each. */
  choose(page: Page, audience: boolean, ads: boolean): Promise<unknown>;
}

/** Puts a switch as wanted, where it is not so already. Its label covers it, so it is clicked by script. */
const flip = (page: Page, selector: string, isOn: boolean): Promise<void> =>
  page.locator(selector).evaluate((box, isOn) => {
    if ((box as HTMLInputElement).checked !== isOn) (box as HTMLInputElement).click();
  }, isOn);

const vanillaCookieconsent: ManagedPage = {
  source: 'vanilla_cookieconsent',
  keepsDate: true,
  script: 'vanilla-cookieconsent',
  addOn: 'vanillaCookieconsent',
  signals: ['analytics', 'marketing'],
  head: `<link rel="stylesheet" href="/npm/vanilla-cookieconsent/dist/cookieconsent.css">
<script src="/npm/vanilla-cookieconsent/dist/cookieconsent.umd.js"></script>
<script>
  addEventListener('DOMContentLoaded', () => CookieConsent.run({
    hideFromBots: false,
    revision: Number(new URLSearchParams(location.search).get('revision') ?? 1),
    categories: {
      necessary: { enabled: true, readOnly: true },
      analytics: { services: { parcours: { label: 'Parcours' } } },
      marketing: {},
    },
    language: { default: 'fr', translations: { fr: {
      consentModal: { title: 'Cookies', description: 'Votre choix.', acceptAllBtn: 'Tout accepter',
        acceptNecessaryBtn: 'Tout refuser', showPreferencesBtn: 'Choisir' },
      preferencesModal: { title: 'Vos choix', acceptAllBtn: 'Tout accepter', acceptNecessaryBtn: 'Tout refuser',
        savePreferencesBtn: 'Enregistrer', closeIconLabel: 'Fermer', sections: [
          { title: 'Nécessaires', linkedCategory: 'necessary' },
          { title: 'Mesure', linkedCategory: 'analytics' },
          { title: 'Publicité', linkedCategory: 'marketing' } ] } } } },
  }));
</script>`,
  asked: (page) => page.locator('#cc-main .cm [data-role=necessary]').waitFor(),
  refuse: (page) => page.locator('#cc-main .cm [data-role=necessary]').click(),
  accept: (page) => page.locator('#cc-main .cm [data-role=all]').click(),
  async choose(page, audience, ads) {
    await page.evaluate('CookieConsent.showPreferences()');
    await page.locator('#cc-main .pm [data-role=save]').waitFor();
    await flip(page, '.section__toggle[value=analytics]', audience);
    await flip(page, '.section__toggle[value=marketing]', ads);
    await page.locator('#cc-main .pm [data-role=save]').click();
  },
};

const klaro: ManagedPage = {
  source: 'klaro',
  keepsDate: false,
  script: 'klaro',
  addOn: 'klaro',
  signals: ['parcours', 'ads'],
  head: `<link rel="stylesheet" href="/npm/klaro/dist/klaro.css">
<script>
  var klaroConfig = {
    lang: 'fr',
    acceptAll: true,
    services: [
      { name: 'session', title: 'Session', purposes: ['functional'], required: true },
      { name: 'parcours', title: 'Parcours', purposes: ['analytics'], default: true },
      { name: 'ads', title: 'Publicité', purposes: ['advertising'] },
    ],
  };
</script>
<script defer src="/npm/klaro/dist/klaro-no-css.js"></script>`,
  asked: (page) => page.locator('.klaro .cookie-notice .cn-decline').waitFor(),
  refuse: (page) => page.locator('.klaro .cookie-notice .cn-decline').click(),
  accept: (page) => page.locator('.klaro .cookie-notice .cm-btn-success').click(),
  async choose(page, audience, ads) {
    await page.evaluate('klaro.show(undefined, true)');
    await page.locator('.klaro .cookie-modal .cm-btn-accept').first().waitFor();
    await flip(page, '#service-item-parcours', audience);
    await flip(page, '#service-item-ads', ads);
    await page.locator('.klaro .cookie-modal .cm-btn-accept').first().click();
  },
};

const tarteaucitron: ManagedPage = {
  source: 'tarteaucitron',
  keepsDate: false,
  script: 'tarteaucitron',
  addOn: 'tarteaucitron',
  signals: ['parcours', 'ads'],
  head: `<script src="/npm/tarteaucitronjs/tarteaucitron.js"></script>
<script>
  tarteaucitron.init({ privacyUrl: '', bodyPosition: 'bottom', hashtag: '#tarteaucitron', cookieName: 'tarteaucitron',
    orientation: 'bottom', groupServices: false, showDetailsOnClick: true, serviceDefaultState: 'wait',
    showAlertSmall: false, cookieslist: false, showIcon: false, adblocker: false, DenyAllCta: true, AcceptAllCta: true,
    highPrivacy: true, handleBrowserDNTRequest: false, removeCredit: true, moreInfoLink: false, useExternalCss: false,
    useExternalJs: false, mandatory: false, mandatoryCta: false, googleConsentMode: false, bingConsentMode: false,
    softConsentMode: false, dataLayer: false, serverSide: false, partnersList: false });
  for (const [key, type] of [['parcours', 'analytic'], ['ads', 'ads']])
    tarteaucitron.services[key] = { key, type, name: key, uri: '', needConsent: true, cookies: [], js() {}, fallback() {} };
  tarteaucitron.job = ['parcours', 'ads'];
  tarteaucitron.events.load = () => { isLoaded = true; };
</script>`,
  // Its buttons are there for half a second before they do anything.
  asked: (page) => page.waitForFunction('globalThis.isLoaded'),
  refuse: (page) => page.locator('#tarteaucitronAllDenied2').click(),
  accept: (page) => page.locator('#tarteaucitronPersonalize2').click(),
  async choose(page, audience, ads) {
    await page.evaluate('tarteaucitron.userInterface.openPanel()');
    await page.locator(`#parcours${audience ? 'Allowed' : 'Denied'}`).click();
    await page.locator(`#ads${ads ? 'Allowed' : 'Denied'}`).click();
    // Where something that ran was refused, closing loads the page again.
    await page.evaluate('tarteaucitron.reloadThePage = false; tarteaucitron.userInterface.closePanel()');
  },
};

/** The managers that are on npm. */
export const CONSENT_MANAGERS: readonly ManagedPage[] = [vanillaCookieconsent, klaro, tarteaucitron];
