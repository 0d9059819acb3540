import { byId } from './part.js';

/**
 * The banner that the server wrote into the page (`pages/consent.mjs`): asks, shows what was said so far, and hears the
 * answer. What an answer means is the business of whoever starts it.
 *
 * @typedef {Readonly<Record<string, boolean>>} Answer  by the name of each checkbox
 *
 * @param {object} manager
 * @param {() => Answer | undefined} manager.read  the answer so far
 * @param {readonly string[]} manager.asked        what accepting accepts; the form may have more
 * @param {(answer: Answer) => void} manager.onAnswer  hears what it names; the rest stays as it was
 * @param {() => void} [manager.onShow]
 * @returns {{ readonly show: (shown: boolean) => void }}
 */
export function createBanner({ read, asked, onAnswer, onShow = () => {} }) {
  const banner = byId('consent');
  const form = byId('consent-purposes');
  const chooser = byId('consent-choose');
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('[type=checkbox]')]);
  /** @type {HTMLElement | undefined} */
  let opener;

  const open = (/** @type {boolean} */ isOpen) => {
    form.hidden = !isOpen;
    chooser.setAttribute('aria-expanded', String(isOpen));
  };

  const show = (/** @type {boolean} */ shown) => {
    const answer = read();
    const now = answer && wordFor(answer, asked);
    for (const said of banner.querySelectorAll('[data-now]')) said.hidden = said.dataset.now !== now;
    for (const box of boxes) {
      box.checked = answer?.[box.name] === true;
      // What is asked for elsewhere can be taken back here.
      box.parentElement.hidden = !asked.includes(box.name) && !box.checked;
    }
    open(false);
    banner.hidden = !shown;
    document.documentElement.classList.toggle('asks', shown);
    if (shown) onShow();
  };

  const hear = (/** @type {Answer} */ answer) => {
    onAnswer(answer);
    show(false);
    opener?.focus();
  };
  const all = (/** @type {readonly string[]} */ names, /** @type {boolean} */ granted) =>
    Object.fromEntries(names.map((name) => [name, granted]));
  const names = boxes.map(({ name }) => name);

  // To refuse is to refuse everything; to accept here is to accept what is asked here.
  banner.querySelector('[data-consent=accept]').addEventListener('click', () => hear(all(asked, true)));
  banner.querySelector('[data-consent=refuse]').addEventListener('click', () => hear(all(names, false)));
  chooser.addEventListener('click', () => open(form.hidden));
  form.addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    hear(Object.fromEntries(boxes.map(({ name, checked }) => [name, checked])));
  });
  document.querySelector('[data-consent-open]')?.addEventListener('click', ({ currentTarget }) => {
    opener = currentTarget;
    show(true);
    byId('consent-title').focus();
  });
  return { show };
}

/** What an answer comes to. @param {Answer} answer @param {readonly string[]} asked */
function wordFor(answer, asked) {
  const granted = asked.filter((name) => answer[name]);
  if (granted.length === asked.length) return 'accepted';
  return granted.length > 0 ? 'partly' : 'refused';
}
