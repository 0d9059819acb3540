import { createBanner } from './banner.js';
import { readKept, writeKept } from './kept.js';
import { announceChoice, PURPOSES } from './purposes.js';
import { tellChoice } from './tracking.js';

/**
 * The shop's own consent banner. The shop keeps the choice, accepted or refused, and tells it on every page. After half a
 * year the question is asked again.
 *
 * @typedef {import('./purposes.js').Choice} Choice
 */
const KEY = 'shop_consent';
const CHOICE_MS = 182 * 86_400_000;

/** @returns {Choice & { at: string } | undefined} nothing where none was made, it is too old, or it cannot be read */
export function readChoice() {
  const { at, ...kept } = readKept(KEY, /** @type {Partial<Choice & { at: string }>} */ ({}));
  const isFresh = at !== undefined && Date.now() - Date.parse(at) < CHOICE_MS;
  if (typeof kept.audience !== 'boolean' || !isFresh) return undefined;
  const choice = Object.fromEntries(PURPOSES.map((purpose) => [purpose, kept[purpose] === true]));
  return { .../** @type {Choice} */ (choice), at };
}

/**
 * Keeps a choice and tells it. What it does not name stays as it was.
 *
 * @param {Partial<Choice>} made
 */
export function choose(made) {
  const none = { audience: false, ads_measurement: false, crm_join: false };
  const choice = { ...none, ...readChoice(), ...made, at: new Date().toISOString() };
  writeKept(KEY, choice);
  tellChoice(choice);
  announceChoice();
}

export function startConsent() {
  const banner = createBanner({ read: readChoice, asked: ['audience', 'ads_measurement'], onAnswer: choose });
  const tell = () => {
    const choice = readChoice();
    if (choice !== undefined) tellChoice(choice);
    banner.show(choice === undefined);
  };
  // A choice made in another tab holds in this one too.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) tell();
  });
  tell();
}
