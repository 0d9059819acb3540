import { readKept, writeKept } from './kept.js';
import { byId } from './part.js';
import { tellChoice } from './tracking.js';

/**
 * The consent banner. The shop keeps the choice, accepted or refused, and tells it on every page; Parcours remembers
 * nothing of it. After half a year the question is asked again.
 *
 * @typedef {{ audience: boolean, crm_join: boolean, at: string }} Choice  `at`: when it was made, RFC 3339
 */
const KEY = 'shop_consent';
/** Heard on the document after each choice made on this page. */
export const CHOSEN = 'shop_choice';
const CHOICE_MS = 182 * 86_400_000;

/** @returns {Choice | undefined} nothing where none was made, it is too old, or it cannot be read */
export function readChoice() {
  const { audience, crm_join, at } = readKept(KEY, /** @type {Partial<Choice>} */ ({}));
  const isFresh = at !== undefined && Date.now() - Date.parse(at) < CHOICE_MS;
  return typeof audience === 'boolean' && isFresh ? { audience, crm_join: crm_join === true, at } : undefined;
}

/**
 * Keeps a choice and tells it. What it does not name stays as it was.
 *
 * @param {Partial<Omit<Choice, 'at'>>} made
 */
export function choose(made) {
  const choice = { audience: false, crm_join: false, ...readChoice(), ...made, at: new Date().toISOString() };
  writeKept(KEY, choice);
  tellChoice(choice);
  document.dispatchEvent(new Event(CHOSEN));
}

export function startConsent() {
  const banner = byId('consent');
  const title = byId('consent-title');
  /** @type {HTMLElement | undefined} */
  let opener;

  const show = (/** @type {boolean} */ shown) => {
    const choice = readChoice();
    const now = choice && (choice.audience ? 'accepted' : 'refused');
    for (const said of banner.querySelectorAll('[data-now]')) {
      said.hidden = said.dataset.now !== now;
    }
    banner.hidden = !shown;
    document.documentElement.classList.toggle('asks', shown);
  };

  const tell = () => {
    const choice = readChoice();
    if (choice !== undefined) tellChoice(choice);
    show(choice === undefined);
  };

  for (const button of banner.querySelectorAll('button')) {
    button.addEventListener('click', () => {
      // To refuse is to refuse everything; to accept here is to accept what is asked here.
      choose(button.dataset.consent === 'accept' ? { audience: true } : { audience: false, crm_join: false });
      show(false);
      opener?.focus();
    });
  }

  document.querySelector('[data-consent-open]')?.addEventListener('click', ({ currentTarget }) => {
    opener = currentTarget;
    show(true);
    title.focus();
  });

  // A choice made in another tab holds in this one too.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) tell();
  });
  tell();
}
