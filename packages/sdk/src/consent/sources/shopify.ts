import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

const NAMES = [
  'analyticsProcessingAllowed',
  'marketingAllowed',
  'preferencesProcessingAllowed',
  'saleOfDataAllowed',
] as const;

type Name = (typeof NAMES)[number];

/** What a storefront's page has. */
type CustomerPrivacy = { readonly [name in Name]?: () => boolean } & {
  /** The visitor's own answers: `yes`, `no`, or `` for none. */
  readonly currentVisitorConsent?: () => { readonly analytics?: string } | undefined;
  readonly shouldShowBanner?: () => boolean;
};

interface Shopify {
  readonly customerPrivacy?: CustomerPrivacy;
  readonly loadFeatures?: (
    features: readonly { readonly name: string; readonly version: string }[],
    done: (error?: unknown) => void,
  ) => unknown;
}

type Permissions = { readonly [name in Name]?: unknown };

/** What a web pixel is registered with. */
export interface ShopifyPixelApi {
  readonly init: { readonly customerPrivacy: Permissions };
  readonly customerPrivacy: {
    subscribe(
      event: 'visitorConsentCollected',
      heard: (event: { readonly customerPrivacy: Permissions }) => void,
    ): unknown;
  };
}

const EVENT = 'visitorConsentCollected';

const signalsOf = (read: (name: Name) => unknown) =>
  Object.fromEntries(NAMES.map((name) => [name, read(name) === true]));

/**
 * The choice by Shopify's Customer Privacy API, on a storefront. Signals: its four permissions, in which Shopify has put
 * together the choice, the visitor's region and the merchant's settings. While the banner is due, or analytics are not
 * allowed and the visitor has not answered, the choice is open.
 *
 * `visitorConsentCollected` is no proof of an answer: other managers hand Shopify their own stored choice on each page, which
 * fires it too. It is one, and the choice is of now, where the banner was due in this page and the visitor has just clicked.
 * Source: shopify.dev, "Customer Privacy API".
 */
export const shopify = (page: object = globalThis): ConsentSource =>
  createSource('shopify', ({ tell, refuse, safely, listen, find }) => {
    const shop = (): Shopify | undefined => (page as { Shopify?: Shopify }).Shopify;

    let isDue: boolean | undefined;

    const read = (isCollected: boolean): unknown => {
      const privacy = shop()?.customerPrivacy;
      if (!privacy) return;
      const signals = signalsOf((name) => privacy[name]?.());
      const isUnanswered = !signals.analyticsProcessingAllowed && !privacy.currentVisitorConsent?.()?.analytics;
      if (!isCollected) {
        isDue = privacy.shouldShowBanner?.();
        return tell(isUnanswered || isDue ? undefined : signals);
      }
      const isClicked = (page as { navigator?: Navigator }).navigator?.userActivation?.isActive;
      tell(signals, { at: isDue && isClicked ? Date.now() : undefined });
      isDue = false;
    };

    listen((page as { document?: Document }).document, EVENT, () => read(true));
    find(
      () => shop()?.customerPrivacy ?? shop()?.loadFeatures,
      () => {
        if (shop()?.customerPrivacy) return read(false);
        const loaded = safely((error?: unknown) => (error ? refuse(`not loaded, ${error}`) : read(false)));
        shop()?.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], loaded);
      },
    );
  });

/**
 * The same in a web pixel's sandbox, for `@parcours/sdk/core`. A pixel sees neither answers nor clicks, so permissions without
 * analytics that it begins with leave the choice open, and no choice has a date.
 *
 *     register((api) => {
 *       const tracker = createTracker({ endpoint, site, key, consent: shopifyPixel(api) });
 *     });
 *
 * Source: shopify.dev, "Pixel Privacy".
 */
export const shopifyPixel = ({ init, customerPrivacy }: ShopifyPixelApi): ConsentSource =>
  createSource('shopify', ({ tell, safely }) => {
    const first = signalsOf((name) => init.customerPrivacy[name]);
    tell(first.analyticsProcessingAllowed ? first : undefined);
    const heard = safely(({ customerPrivacy: now }: { readonly customerPrivacy: Permissions }) =>
      tell(signalsOf((name) => now[name])),
    );
    customerPrivacy.subscribe(EVENT, heard);
  });
