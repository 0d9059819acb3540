import { byId, part } from './part.js';

const FORMS = ['checkout_details', 'checkout_delivery', 'checkout_payment'];
const PATHS = ['/checkout', '/checkout/delivery', '/checkout/payment'];

/**
 * Forms one after the other in one document: each step is a place in the history, so that Back goes a step back, and a page
 * view. The last form takes along what the others hold, and goes to the server as a form does.
 *
 * @param {(step: number) => void} settled  told each step that was filled in, before the next
 * @param {() => string[][]} more   fields that nobody typed
 */
export function startSteps(settled, more) {
  const forms = FORMS.map((id) => byId(id));
  const last = forms.length - 1;
  const [name = ''] = document.title.split(' · ').slice(-1);

  const show = (/** @type {number} */ step) => {
    forms.forEach((form, index) => {
      form.hidden = index !== step;
    });
    const heading = part(forms[step], 'h2');
    document.title = `${heading.textContent} · ${name}`;
    return heading;
  };

  const go = (/** @type {number} */ step) => {
    // The title first: a page view takes it along.
    const heading = show(step);
    history.pushState({ step }, '', PATHS[step]);
    heading.focus();
  };

  forms.forEach((form, step) => {
    form.addEventListener('submit', (event) => {
      settled(step);
      if (step === last) return;
      event.preventDefault();
      go(step + 1);
    });
    form.querySelector('[data-back]')?.addEventListener('click', () => history.back());
  });

  forms[last]?.addEventListener('formdata', ({ formData }) => {
    for (const form of forms.slice(0, last)) {
      for (const [key, value] of new FormData(form)) formData.append(key, value);
    }
    for (const [key = '', value = ''] of more()) formData.append(key, value);
  });

  addEventListener('popstate', () => show(Math.max(0, PATHS.indexOf(location.pathname))).focus());
}
