import { createBanner } from './banner.js';
import { readKept, writeKept } from './kept.js';
import { byId } from './part.js';
import { announceChoice } from './purposes.js';
import { decode, encode, startApi } from './tc_string.js';

/**
 * A consent manager under the Transparency and Consent Framework: its banner asks for the framework's purposes, and keeps
 * the choice as a TC string. Nothing here tells Parcours: the source `p.tcf.js` asks `__tcfapi` by itself.
 *
 * @typedef {import('./purposes.js').Choice} Choice
 * @typedef {import('./tc_string.js').Answer} Answer
 */
const KEY = 'shop_tc_string';
const CHOICE_MS = 182 * 86_400_000;

/** What the banner asks for. `custom.1` is the shop's own purpose, asked for at the account. */
const ASKED = ['purpose.1', 'purpose.7', 'purpose.8', 'purpose.9', 'purpose.10'];
const SIGNALS = [...ASKED, 'custom.1'];

/** What each of our purposes needs: `consent.policy.json` says the same to Parcours. */
const NEEDED = {
  audience: ['purpose.1', 'purpose.8', 'purpose.9'],
  ads_measurement: ['purpose.1', 'purpose.7'],
  crm_join: ['purpose.1', 'custom.1'],
};

/** @type {(text: string, isAsking: boolean) => void} */
let tellApi;

/** @returns {{ text: string, answer: Answer } | undefined} nothing where none was made, it is too old, or it cannot be read */
function readKeptChoice() {
  const text = readKept(KEY, '');
  try {
    const { answer, at } = decode(text, SIGNALS);
    return Date.now() - at.getTime() < CHOICE_MS ? { text, answer } : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {Choice | undefined} */
export function readChoice() {
  const kept = readKeptChoice();
  if (kept === undefined) return undefined;
  const read = Object.entries(NEEDED).map(([purpose, signals]) => [purpose, signals.every((one) => kept.answer[one])]);
  return /** @type {Choice} */ (Object.fromEntries(read));
}

/** @param {Partial<Choice>} made  what it does not name stays as it was; of what the account asks for */
export const choose = ({ crm_join }) => keep({ ...(crm_join !== undefined && { 'custom.1': crm_join }) });

/** @param {Answer} made */
function keep(made) {
  const answer = { ...readKeptChoice()?.answer, ...made };
  writeKept(KEY, encode(answer));
  tell(false);
  announceChoice();
}

/** @param {boolean} isAsking */
function tell(isAsking) {
  const text = readKeptChoice()?.text ?? '';
  tellApi(text, isAsking);
  byId('tc-string').textContent = text;
  byId('consent-string').hidden = text === '';
}

export function startConsent() {
  tellApi = startApi();
  const banner = createBanner({
    read: () => readKeptChoice()?.answer,
    asked: ASKED,
    onAnswer: keep,
    onShow: () => tell(true),
  });
  const start = () => {
    const isMade = readKeptChoice() !== undefined;
    if (isMade) tell(false);
    banner.show(!isMade);
  };
  // A choice made in another tab holds in this one too.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) start();
  });
  start();
}
