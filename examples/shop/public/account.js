import { choose, readChoice } from './consent.js';
import { part } from './part.js';
import { CHOSEN } from './purposes.js';
import { forgetVisitor } from './tracking.js';

/**
 * The account's page: whether visits may be joined with it, asked of whoever lets them be measured; and the logout, after
 * which another person may sit here.
 */
export function startAccount() {
  const join = part(document, '#join');
  if (join === null) return;

  const show = () => {
    const { audience = false, crm_join = false } = readChoice() ?? {};
    join.hidden = !audience;
    part(join, '[data-now="accepted"]').hidden = !crm_join;
    part(join, '[data-now="refused"]').hidden = crm_join;
  };

  for (const answer of ['accept', 'refuse']) {
    part(join, `[data-join="${answer}"]`).addEventListener('click', () => choose({ crm_join: answer === 'accept' }));
  }
  part(document, '#logout').addEventListener('submit', forgetVisitor);
  document.addEventListener(CHOSEN, show);
  show();
}
