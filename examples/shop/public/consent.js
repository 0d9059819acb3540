import { tellChoice } from './tracking.js';

/**
 * The consent banner. The shop keeps the choice, accepted or refused, and tells it on every page; Parcours remembers
 * nothing of it. After half a year the question is asked again.
 *
 * @typedef {{ audience: boolean, at: string }} Choice  `at`: when it was made, RFC 3339
 */
const KEY = 'shop_consent';
const CHOICE_MS = 182 * 86_400_000;

export function startConsent() {
  const banner = /** @type {HTMLElement} */ (document.getElementById('consent'));
  const title = /** @type {HTMLElement} */ (document.getElementById('consent-title'));
  /** @type {HTMLElement | undefined} */
  let opener;

  const show = (/** @type {boolean} */ shown) => {
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
      const choice = { audience: button.dataset.consent === 'accept', at: new Date().toISOString() };
      writeChoice(choice);
      tellChoice(choice);
      show(false);
      opener?.focus();
    });
  }

  document.querySelector('[data-consent-open]')?.addEventListener('click', ({ currentTarget }) => {
    opener = /** @type {HTMLElement} */ (currentTarget);
    const choice = readChoice();
    const now = /** @type {HTMLElement} */ (banner.querySelector('[data-consent-now]'));
    now.textContent = choice === undefined ? '' : `So far you have ${choice.audience ? 'accepted' : 'refused'}.`;
    show(true);
    title.focus();
  });

  // A choice made in another tab holds in this one too.
  addEventListener('storage', ({ key }) => {
    if (key === KEY) tell();
  });
  tell();
}

/** @returns {Choice | undefined} nothing where none was made, it is too old, or it cannot be read */
function readChoice() {
  try {
    const { audience, at } = JSON.parse(localStorage.getItem(KEY) ?? 'null') ?? {};
    return typeof audience === 'boolean' && Date.now() - Date.parse(at) < CHOICE_MS ? { audience, at } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Choice} choice */
function writeChoice(choice) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage is blocked: the choice holds for this page and is asked again on the next.
  }
}
