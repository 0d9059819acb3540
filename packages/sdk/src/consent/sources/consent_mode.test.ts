import { consentMode } from './consent_mode.ts';
import { consentSourceContract, type Step } from './testing/contract.ts';
import type { PlayedPage } from './testing/played_page.ts';

/** As Google's snippet has it: what is pushed is the function's own `arguments`. */
function argumentsOf(..._args: unknown[]): IArguments {
  // biome-ignore lint/complexity/noArguments: that is what gtag pushes
  return arguments;
}

const gtag = (page: PlayedPage, ...args: unknown[]): void => {
  page.dataLayer ??= [];
  (page.dataLayer as unknown[]).push(argumentsOf(...args));
};

const say =
  (...args: unknown[]): Step =>
  (page) =>
    gtag(page, ...args);
const all =
  (...steps: readonly Step[]): Step =>
  (page) => {
    for (const step of steps) step(page);
  };

/** In a listener of the browser's, which has its event in `window.event` meanwhile. */
const during =
  (event: object, step: Step): Step =>
  (page) => {
    page.event = event as Event;
    step(page);
    page.event = undefined;
  };
const click = { type: 'click', isTrusted: true };

const denied = {
  ad_storage: 'denied',
  analytics_storage: 'denied',
  ad_user_data: 'denied',
  ad_personalization: 'denied',
};
const byDefault = say('consent', 'default', { ...denied, wait_for_update: 500 });
const grants = say('consent', 'update', { analytics_storage: 'granted' });
const no = { ad_storage: false, analytics_storage: false, ad_user_data: false, ad_personalization: false };
const yes = { ...no, analytics_storage: true };

consentSourceContract('consent_mode', {
  create: (page) => consentMode({}, page),
  'late load': { steps: [byDefault, grants], reports: [undefined, yes] },
  'double fire': { before: byDefault, steps: [grants, grants], reports: [undefined, yes] },
  'partial choice': { steps: [say('consent', 'update', { ad_storage: 'denied' })], reports: [{ ad_storage: false }] },
  'stored choice': { before: all(byDefault, grants), reports: [undefined, yes] },
  blocked: { before: say('js', new Date()), reports: [], error: /has not answered in 30 s/ },
  exception: {
    steps: [
      (page) =>
        gtag(page, 'consent', 'update', {
          get ad_storage() {
            throw new Error('broken getter');
          },
        }),
    ],
    reports: [undefined],
    error: /broken getter/,
  },
  stopped: { before: all(byDefault, grants), steps: [say('consent', 'update', denied)], reports: [undefined, yes] },
  more: {
    'the first update of the page, by a click: chosen now': {
      before: byDefault,
      steps: [during(click, grants), during(click, grants)],
      reports: [undefined, yes],
      dates: [undefined, 1_000],
    },
    'an update by a click after one of what is stored may be the same again, as on the steps of a router': {
      before: byDefault,
      steps: [grants, during(click, grants)],
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'an update that a load makes may be of what is stored': {
      before: byDefault,
      steps: [during({ type: 'load', isTrusted: true }, grants)],
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'and so may one that a script makes by a click of its own': {
      before: byDefault,
      steps: [during({ ...click, isTrusted: false }, grants)],
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'and one that was there before a click started the tracker': {
      before: (page) => {
        all(byDefault, grants)(page);
        page.event = click as Event;
      },
      reports: [undefined, yes],
      dates: [undefined, undefined],
    },
    'a default grants nothing, whatever it says, however long nobody updates it': {
      before: say('consent', 'default', { analytics_storage: 'granted', wait_for_update: 500 }),
      steps: [() => {}, () => {}],
      reports: [undefined],
    },
    'a default that grants is forgotten by an update of something else': {
      before: say('consent', 'default', { analytics_storage: 'granted', ad_storage: 'granted' }),
      steps: [say('consent', 'update', { ad_storage: 'granted' })],
      reports: [undefined, { ad_storage: true }],
    },
    'a default for a region is not known to be for this one': {
      before: say('consent', 'default', { ad_storage: 'denied', region: ['US-CA'] }),
      steps: [grants],
      reports: [{ analytics_storage: true }],
    },
    'a default after the update takes nothing back': {
      steps: [grants, byDefault],
      reports: [{ analytics_storage: true }, yes],
    },
    'a withdrawal': {
      before: all(byDefault, grants),
      steps: [say('consent', 'update', denied)],
      reports: [undefined, yes, no],
    },
    'all seven names, and no other': {
      steps: [
        say('consent', 'update', {
          functionality_storage: 'granted',
          personalization_storage: 'granted',
          security_storage: 'denied',
          made_up: 'granted',
        }),
      ],
      reports: [{ functionality_storage: true, personalization_storage: true, security_storage: false }],
    },
    'nothing but the word granted is a grant': {
      steps: [say('consent', 'update', { ad_storage: 'Granted', ad_user_data: true, analytics_storage: null })],
      reports: [{ ad_storage: false, ad_user_data: false, analytics_storage: false }],
    },
    'an array and an object are no commands, and other commands none of ours': {
      before: all(byDefault, (page) =>
        (page.dataLayer as unknown[]).push(['consent', 'update', { ad_storage: 'granted' }]),
      ),
      steps: [
        (page) =>
          (page.dataLayer as unknown[]).push({
            event: 'consent',
            0: 'consent',
            1: 'update',
            2: { ad_storage: 'granted' },
          }),
        say('set', 'update', { ad_storage: 'granted' }),
        say('consent', 'declare', { ad_storage: 'granted' }),
        say('consent', 'update', 'granted'),
      ],
      reports: [undefined],
    },
    'another list in the place of the first': {
      steps: [
        byDefault,
        (page) => {
          page.dataLayer = [];
        },
        grants,
        (page) => page.dispatchEvent(new page.Event('load')),
      ],
      reports: [undefined, yes],
    },
  },
});
