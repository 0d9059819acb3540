import { shopify, shopifyPixel } from './shopify.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import type { PlayedPage } from './testing/played_page.ts';

const all = (allowed: boolean) => ({
  analyticsProcessingAllowed: allowed,
  marketingAllowed: allowed,
  preferencesProcessingAllowed: allowed,
  saleOfDataAllowed: allowed,
});
const yes = all(true);
const no = all(false);
const some = { ...no, analyticsProcessingAllowed: true };

/** The API as shopify.dev describes it. */
const privacy = (permissions: Record<string, boolean>, analytics = '', isDue = false) => ({
  ...Object.fromEntries(Object.entries(permissions).map(([name, allowed]) => [name, () => allowed])),
  currentVisitorConsent: () => ({ analytics, marketing: analytics, preferences: analytics, sale_of_data: '' }),
  shouldShowBanner: () => isDue,
});

type Done = (error?: unknown) => void;

/** The page's own script is there, and knows how to load the API. */
const shop =
  (api: object, error?: unknown): Step =>
  (page) => {
    const loading: Record<string, unknown> = {
      loadFeatures: ([feature]: { name: string; version: string }[], done: Done) => {
        if (feature?.name !== 'consent-tracking-api' || feature.version !== '0.1') throw new Error('no such feature');
        setTimeout(() => {
          if (!error) loading.customerPrivacy = api;
          done(error);
        });
      },
    };
    page.Shopify = loading;
  };

const loaded =
  (api: object): Step =>
  (page) => {
    page.Shopify = { customerPrivacy: api };
  };

const collect =
  (api: object): Step =>
  (page) => {
    (page.Shopify as Record<string, unknown>).customerPrivacy = api;
    page.document.dispatchEvent(new page.Event('visitorConsentCollected'));
  };

/** The visitor clicks, and Shopify has an answer a moment later; a while after that a browser takes nothing for his doing. */
const click: Step = (page) => {
  Object.defineProperty(page.navigator, 'userActivation', { value: { isActive: true }, configurable: true });
};
const rest: Step = (page) => {
  Object.defineProperty(page.navigator, 'userActivation', { value: { isActive: false }, configurable: true });
};

const due = privacy(no, '', true);

consentSourceContract('shopify', {
  create: (page) => shopify(page),
  'late load': { steps: [shop(due), collect(privacy(yes, 'yes'))], reports: [undefined, yes] },
  'double fire': {
    before: loaded(due),
    steps: [collect(privacy(yes, 'yes')), collect(privacy(yes, 'yes'))],
    reports: [undefined, yes],
  },
  'partial choice': { before: loaded(due), steps: [collect(privacy(some, 'yes'))], reports: [undefined, some] },
  'stored choice': { before: shop(privacy(yes, 'yes')), reports: [yes] },
  blocked: {
    before: (page) => {
      page.Shopify = { shop: 'boots.myshopify.com' };
    },
    reports: [],
    error: /has not answered in 30 s/,
  },
  exception: {
    before: loaded({
      ...due,
      analyticsProcessingAllowed: () => {
        throw new Error('broken API');
      },
    }),
    reports: [undefined],
    error: /broken API/,
  },
  stopped: { before: loaded(due), steps: [collect(privacy(yes, 'yes'))], reports: [undefined] },
  more: {
    'an answer to the banner that was due: chosen now': {
      before: loaded(due),
      steps: [click, collect(privacy(yes, 'yes')), collect(privacy(yes, 'yes'))],
      reports: [undefined, yes],
      dates: [undefined, 2_000],
    },
    'what another manager hands to Shopify where the banner was due, and nobody has clicked': {
      before: loaded(due),
      steps: [rest, collect(privacy(yes, 'yes'))],
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'what another manager hands to Shopify on each page, while the visitor clicks on something': {
      before: loaded(privacy(yes, 'yes')),
      steps: [click, collect(privacy(yes, 'yes'))],
      reports: [yes],
      dates: [undefined],
    },
    'a stored refusal': { before: loaded(privacy(no, 'no')), reports: [no] },
    withdrawn: {
      before: loaded(privacy(yes, 'yes')),
      steps: [collect(privacy(no, 'no'))],
      reports: [yes, no],
    },
    'where no consent is asked for, by region and settings': { before: loaded(privacy(yes)), reports: [yes] },
    'where the banner is due, whatever is allowed': { before: loaded(privacy(yes, '', true)), reports: [undefined] },
    'an API without answers or a banner': {
      before: loaded({ analyticsProcessingAllowed: () => false }),
      reports: [undefined],
    },
    'permissions that are no booleans': {
      before: loaded({ ...privacy(yes, 'yes'), marketingAllowed: () => 'true' }),
      reports: [{ ...yes, marketingAllowed: false }],
    },
    'not loaded': { before: shop(due, new Error('offline')), reports: [{}], error: /not loaded, Error: offline/ },
  },
});

type Heard = (event: { customerPrivacy: Record<string, boolean> }) => void;

/** A pixel's sandbox: what it is registered with is there before it starts. */
interface Pixel {
  now: Record<string, boolean>;
  heard?: Heard;
}
const pixels = new WeakMap<PlayedPage, Pixel>();
const pixelOf = (page: PlayedPage): Pixel => {
  const pixel = pixels.get(page) ?? { now: no };
  pixels.set(page, pixel);
  return pixel;
};
const begin =
  (now: Record<string, boolean>): Step =>
  (page) => {
    pixelOf(page).now = now;
  };
const answer =
  (now: Record<string, boolean>): Step =>
  (page) =>
    pixelOf(page).heard?.({ customerPrivacy: now });

consentSourceContract('shopify', {
  create: (page) =>
    shopifyPixel({
      init: { customerPrivacy: pixelOf(page).now },
      customerPrivacy: {
        subscribe: (event, heard) => {
          if (event === 'visitorConsentCollected') pixelOf(page).heard = heard as unknown as Heard;
          if (pixelOf(page).now.isBroken) throw new Error('broken sandbox');
        },
      },
    }),
  'late load': { steps: [answer(yes)], reports: [undefined, yes] },
  'double fire': { before: begin(yes), steps: [answer(yes), answer(yes)], reports: [yes] },
  'partial choice': { steps: [answer(some)], reports: [undefined, some] },
  'stored choice': { before: begin(yes), reports: [yes] },
  // Nothing of it is loaded late, so nothing can be blocked; permissions that are missing are the nearest to it.
  blocked: {
    before: (page) => {
      pixelOf(page).now = undefined as never;
    },
    reports: [undefined],
    error: /undefined/,
  },
  exception: { before: begin({ ...no, isBroken: true }), reports: [undefined, undefined], error: /broken sandbox/ },
  stopped: { before: begin(yes), steps: [answer(no)], reports: [yes] },
  more: { withdrawn: { before: begin(yes), steps: [answer(no)], reports: [yes, no] } },
});
