import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

type Names = readonly string[];
type NamesOf = Readonly<Record<string, Names>>;

/** What of vanilla-cookieconsent is called. */
export interface VanillaCookieconsentApi {
  validConsent(): boolean;
  getUserPreferences(): {
    readonly acceptedCategories: Names;
    readonly rejectedCategories: Names;
    readonly acceptedServices: NamesOf;
    readonly rejectedServices: NamesOf;
  };
  getConfig(field: 'categories'): Readonly<Record<string, { readonly readOnly?: boolean }>>;
  getCookie(): {
    readonly revision?: number;
    readonly languageCode?: string;
    readonly lastConsentTimestamp?: string;
  };
}

/** Settings of the vanilla-cookieconsent source. */
export interface VanillaCookieconsentOptions {
  /** The library, where the site's bundle holds it. Default: `window.CookieConsent`, as the library's script sets it. */
  readonly api?: VanillaCookieconsentApi | undefined;
}

/**
 * The choice by vanilla-cookieconsent 3. Signals: each category by its name, such as `analytics`, and each service as
 * `analytics.matomo`. Categories that are `readOnly` are left out: what nobody can refuse is no consent.
 *
 * What the events tell is that there is something to read: they name what was accepted and never what was not, and
 * `cc:onConsent` comes again on each page. A stored choice of an older `revision` is none: the library asks again.
 * Source: vanilla-cookieconsent 3.1, `src/utils/general.js`, `fireEvent`; `src/core/api.js`.
 *
 *     import * as CookieConsent from 'vanilla-cookieconsent';
 *     createTracker({ …, consent: vanillaCookieconsent({ api: CookieConsent }) });
 */
export const vanillaCookieconsent = (
  { api }: VanillaCookieconsentOptions = {},
  page: object = globalThis,
): ConsentSource =>
  createSource('vanilla_cookieconsent', ({ tell, refuse, safely, listen }) => {
    const given = (): VanillaCookieconsentApi | undefined =>
      api ?? (page as { CookieConsent?: VanillaCookieconsentApi }).CookieConsent;

    const read = (library = given()): unknown => {
      if (!library) return refuse('the library is in a bundle: give it as option "api", or as window.CookieConsent');
      if (!library.validConsent()) return tell(undefined);
      const { acceptedCategories, rejectedCategories, acceptedServices, rejectedServices } =
        library.getUserPreferences();
      const { revision, languageCode: language, lastConsentTimestamp: at } = library.getCookie();
      const categories = library.getConfig('categories');
      const signals: Record<string, boolean> = {};
      const put = (names: Names, isAccepted: boolean, of = ''): void => {
        for (const name of names) {
          if (!categories[of || name]?.readOnly) signals[of ? `${of}.${name}` : name] = isAccepted;
        }
      };
      put(acceptedCategories, true);
      put(rejectedCategories, false);
      for (const of in acceptedServices) put(acceptedServices[of]!, true, of);
      for (const of in rejectedServices) put(rejectedServices[of]!, false, of);
      tell(signals, { at, version: `${revision}`, language });
    };

    // The banner that is shown says that the library is there; the first of the page comes before any choice.
    for (const event of ['cc:onModalReady', 'cc:onConsent', 'cc:onChange']) listen(page as Window, event, () => read());
    safely(() => given() && read())();
  });
