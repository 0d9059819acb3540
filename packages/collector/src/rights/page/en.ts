import type { Text } from './text.ts';

export const en: Text = {
  title: 'Your data in this browser',
  otherLanguage: 'Version française',
  intro: (site) =>
    `This page is about what is measured of your visits to the site “${site}”. It works without a script and without an account: your browser is known by a cookie that nobody else can read or make.`,
  status: 'Where you stand',
  known: (since) =>
    `This browser is known since ${since}: with your consent, your visits were recorded under a random id.`,
  unknown: 'This browser is not known: no recorded visit belongs to it as far as it can tell.',
  objected: 'You have objected to being measured without consent. This browser remembers it for 13 months.',
  stop: {
    title: 'Stop measuring',
    text: 'Takes back every consent to measurement and objects to measurement that needs none. From then on, until you agree anew, whatever arrives from this browser is refused, and its cookie is removed.',
    shop: 'The shop’s own consent banner keeps your earlier answer until you change it there; nothing is recorded under it.',
    button: 'Stop measuring me',
  },
  take: {
    title: 'See what is held',
    text: 'A file (JSON) with everything that is recorded under the id of this browser.',
    none: 'There is nothing to show: this browser is not known.',
    away: 'Ask the shop for a copy: it is not offered on this page.',
    button: 'Download my data',
  },
  erase: {
    title: 'Erase',
    text: 'Deletes what is recorded under the id of this browser, and refuses whatever still arrives under it.',
    none: 'There is nothing to erase: this browser is not known.',
    button: 'Erase my data…',
    sure: 'Erase what is recorded?',
    what: 'Everything recorded under the id of this browser goes, in every report and table.',
    final: 'This cannot be undone, by the shop neither.',
    stopToo: 'Stop measuring me from now on, too',
    confirm: 'Erase for good',
    back: 'Back, and erase nothing',
  },
  scope: {
    title: 'What this page does not reach',
    text: 'A browser proves that it is this browser, not who you are: others may use it too. So your customer account, a loyalty card, purchases in stores and visits by other devices are not shown or erased here.',
    shop: 'For all of these ask the shop: its legal notice says how to reach it.',
  },
  done: {
    stopped: 'Done. Nothing more is recorded of this browser, and its cookie is gone.',
    objected:
      'Done: your objection is noted in this browser. It is not known here, so there was no consent to take back; if you have agreed in the shop’s own banner, take it back there.',
    erased:
      'Done. From this moment whatever arrives under the old id is refused; reports and tables forget it within minutes, and its cookie is gone.',
    log: (day) => `The raw journal, from which nobody reads reports, has nothing of it any more by ${day}.`,
    nobody: 'This browser is not known, so nothing was erased.',
  },
  failedTitle: 'That did not work',
  failed: {
    unknown_site: 'There is no such site here. Follow the link on the shop’s own page.',
    not_found: 'There is no such form here. Go back to the page and try again.',
    origin_not_allowed:
      'This was not sent by this very page, so nothing was done. Open the page itself and use its buttons.',
    rate_limited: 'Too many requests came from your network. Wait a few seconds and try again.',
    body_too_large: 'The form was larger than it can be.',
    store_unavailable: 'It could not be written down, so it is not done. Try again in a few seconds.',
    overloaded: 'Too much is in hand right now, so it is not done. Try again in a few seconds.',
    tables_unavailable: 'The data cannot be read right now. Try again in a minute; stopping works all the same.',
    other: 'Something failed on our side, and nothing is promised. Try again later, or ask the shop.',
  },
};
