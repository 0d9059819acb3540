import type { Page } from 'playwright-core';

/** A consent manager on a page, as a test answers it. */
export interface GuidedManager {
  /** Name of the source, as in stamps. */
  readonly source: string;
  /** The guide's block. */
  readonly block: string;
  /** The manager's own part of the page. */
  readonly head: string;
  /** Cookies that it writes for itself. */
  readonly cookies: readonly string[];
  asked(page: Page): Promise<unknown>;
  accept(page: Page): Promise<unknown>;
  /** Opens the question again and refuses. */
  withdraw(page: Page): Promise<unknown>;
}

/**
 * What each script below finds: `kept`, the choice of an earlier page, and `keep`. It says `asked` once its banner would be
 * shown, and puts into `answer` what a press of a button does.
 */
const PRELUDE = `
  window.kept = () => JSON.parse(localStorage.getItem('shop_choice') ?? 'null');
  window.keep = (granted) => localStorage.setItem('shop_choice', JSON.stringify({ granted, at: new Date().toISOString() }));
  window.asked = kept() === null;`;

/**
 * Managers that are on no registry: scripts that offer what the manager's documentation says it offers, and tell what it
 * tells in its order. The sources' own tests hold the details; this is enough to follow a guide.
 */
const PLAYED: Readonly<Record<string, { readonly block: string; readonly script: string }>> = {
  consent_mode: {
    block: 'consent-mode',
    script: `
      window.dataLayer = window.dataLayer ?? [];
      function gtag() { dataLayer.push(arguments); }
      const names = ['ad_storage', 'analytics_storage', 'ad_user_data', 'ad_personalization'];
      const all = (value) => Object.fromEntries(names.map((name) => [name, value]));
      gtag('consent', 'default', { ...all('denied'), wait_for_update: 500 });
      const update = () => gtag('consent', 'update', all(kept().granted ? 'granted' : 'denied'));
      if (kept()) update();
      window.answer = (granted) => { keep(granted); update(); };`,
  },
  didomi: {
    block: 'didomi',
    script: `
      const ids = ['cookies', 'measure_content_performance', 'market_research', 'measure_ad_performance'];
      const listeners = [];
      const tell = (event) => { for (const one of listeners) if (one.event === event) one.listener({}); };
      const start = () => {
        window.Didomi = {
          isUserStatusPartial: () => kept() === null,
          getCurrentUserStatus: () => ({
            purposes: Object.fromEntries(ids.map((id) => [id, { id, enabled: kept()?.granted === true }])),
            vendors: {}, regulation: 'gdpr', updated: kept()?.at, consent_string: '',
          }),
        };
        listeners.push(...(window.didomiEventListeners ?? []));
        window.didomiEventListeners = { push: (one) => listeners.push(one) };
        const ready = window.didomiOnReady ?? [];
        window.didomiOnReady = { push: (one) => one(Didomi) };
        for (const one of ready) one(Didomi);
        if (!kept()) tell('notice.shown');
      };
      addEventListener('load', start);
      window.answer = (granted) => { keep(granted); tell('consent.changed'); };`,
  },
  axeptio: {
    block: 'axeptio',
    script: `
      const listeners = [];
      const choices = () => kept() && {
        parcours: kept().granted, $$completed: true, $$date: kept().at, $$cookiesVersion: { identifier: '1', name: 'boutique-fr' },
      };
      const sdk = {
        userPreferencesManager: { get choices() { return choices() ?? {}; } },
        on: (event, listener) => { if (event === 'cookies:complete') listeners.push(listener); },
      };
      const tell = () => { for (const one of listeners) one(choices()); };
      addEventListener('load', () => {
        const waiting = window._axcb ?? [];
        window._axcb = { push: (one) => one(sdk) };
        for (const one of waiting) one(sdk);
        if (kept()) tell();
      });
      window.answer = (granted) => { keep(granted); tell(); };`,
  },
  onetrust: {
    block: 'onetrust',
    script: `
      const groups = ['C0001', 'C0002', 'C0004'];
      const update = () => {
        window.OnetrustActiveGroups = ',' + (kept()?.granted ? groups : ['C0001']).join(',') + ',';
        window.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: OnetrustActiveGroups.split(',') }));
      };
      addEventListener('load', () => {
        window.OneTrust = {
          IsAlertBoxClosed: () => kept() !== null,
          IsAlertBoxClosedAndValid: () => kept() !== null,
          GetDomainData: () => ({
            Groups: groups.map((id) => ({ CustomGroupId: id, OptanonGroupId: id, Status: id === 'C0001' ? 'always active' : 'inactive' })),
          }),
        };
        update();
      });
      window.answer = (granted) => { keep(granted); update(); window.dispatchEvent(new CustomEvent('OTConsentApplied')); };`,
  },
  cookiebot: {
    block: 'cookiebot',
    script: `
      const tell = (name) => window.dispatchEvent(new Event('Cookiebot' + name));
      const set = () => {
        const is = kept()?.granted === true;
        window.Cookiebot = {
          hasResponse: kept() !== null, consented: is, declined: kept() !== null && !is,
          consent: { necessary: true, preferences: is, statistics: is, marketing: is, method: kept() && 'explicit' },
        };
      };
      const respond = () => { tell('OnConsentReady'); tell(kept().granted ? 'OnAccept' : 'OnDecline'); };
      set();
      addEventListener('load', () => { tell('OnLoad'); if (kept()) respond(); else tell('OnDialogDisplay'); });
      window.answer = (granted) => { keep(granted); set(); respond(); };`,
  },
  sirdata: {
    block: 'sirdata',
    script: `
      const listeners = new Map();
      const ids = [1, 7, 8, 9];
      const data = (eventStatus, listenerId) => ({
        tcString: '', eventStatus, listenerId, cmpStatus: 'loaded', gdprApplies: true, isServiceSpecific: true, cmpVersion: 1,
        purpose: { consents: Object.fromEntries(ids.map((id) => [id, kept()?.granted === true])) },
        vendor: { consents: {} }, publisher: { consents: {} },
      });
      const tell = (status) => { for (const [id, one] of listeners) one(data(status, id), true); };
      window.__sdcmpapi = (command, version, callback, parameter) => {
        if (command === 'removeEventListener') return callback(listeners.delete(parameter));
        const id = listeners.size + 1;
        listeners.set(id, callback);
        callback(data(kept() ? 'tcloaded' : 'cmpuishown', id), true);
      };
      window.answer = (granted) => { keep(granted); tell('useractioncomplete'); };`,
  },
  shopify: {
    block: 'shopify',
    script: `
      const is = () => kept()?.granted === true;
      const privacy = {
        analyticsProcessingAllowed: is, marketingAllowed: is, preferencesProcessingAllowed: is, saleOfDataAllowed: is,
        currentVisitorConsent: () => ({ analytics: kept() ? (is() ? 'yes' : 'no') : '', marketing: '', preferences: '', sale_of_data: '' }),
        shouldShowBanner: () => kept() === null,
      };
      window.Shopify = {
        loadFeatures: (features, done) => setTimeout(() => { Shopify.customerPrivacy = privacy; done(); }),
      };
      window.answer = (granted) => {
        keep(granted);
        document.dispatchEvent(new CustomEvent('visitorConsentCollected', {
          detail: { analyticsAllowed: is(), marketingAllowed: is(), preferencesAllowed: is(), saleOfDataAllowed: is() },
        }));
      };`,
  },
  gpp: {
    block: 'gpp',
    script: `
      const listeners = new Map();
      const event = (eventName, listenerId) => ({
        eventName, listenerId,
        pingData: {
          gppVersion: '1.1', cmpStatus: 'loaded', cmpDisplayStatus: kept() ? 'hidden' : 'visible',
          signalStatus: kept() ? 'ready' : 'not ready', supportedAPIs: ['2:tcfeuv2'], cmpId: 4095, sectionList: [2],
          applicableSections: [2], gppString: 'DBABMA~CAAAAAAAAAAAAAAAAAAAAAAAA',
          parsedSections: { tcfeuv2: {
            PurposeConsents: Array(24).fill(kept()?.granted === true), PublisherConsents: Array(24).fill(kept()?.granted === true),
          } },
        },
      });
      const tell = (name) => { for (const [id, one] of listeners) one(event(name, id), true); };
      window.__gpp = (command, callback, parameter) => {
        if (command === 'removeEventListener') return callback(listeners.delete(parameter), true);
        const id = listeners.size + 1;
        listeners.set(id, callback);
        callback(event('listenerRegistered', id), true);
      };
      window.answer = (granted) => { keep(granted); tell('signalStatus'); };`,
  },
};

export const PLAYED_MANAGERS: readonly GuidedManager[] = Object.entries(PLAYED).map(([source, { block, script }]) =>
  played(source, block, script),
);

function played(source: string, block: string, script: string): GuidedManager {
  return {
    source,
    block,
    cookies: [],
    head: `<script>(() => {${PRELUDE}${script}})();</script>`,
    asked: (page) => page.waitForFunction('asked'),
    accept: (page) => page.evaluate('answer(true)'),
    withdraw: (page) => page.evaluate('answer(false)'),
  };
}
