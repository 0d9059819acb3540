import { createHmac, randomBytes } from 'node:crypto';
import { createRemembered } from './remembered.mjs';

/**
 * Who is logged in. Any address and password do, and none is kept: a customer's number is made from the address, where a
 * real shop looks it up. The number is what joins web, till and CRM; the address never leaves this file.
 *
 * The cookie comes with the login and not before. Over https it would be `Secure` and named `__Host-…`.
 */
const COOKIE = 'shop_session';
const MOST_SESSIONS = 10_000;

export function createCustomers() {
  const secret = randomBytes(16);
  /** @type {ReturnType<typeof createRemembered<string>>} */
  const sessions = createRemembered(MOST_SESSIONS);
  const cookie = (/** @type {string} */ value, more = '') =>
    `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${more}`;

  return {
    /** @param {string | undefined} cookies  the request's header */
    of: (cookies) => sessions.get(sessionIn(cookies)),

    /**
     * @param {string} email
     * @returns {string} the cookie to set
     */
    login(email) {
      const digest = createHmac('sha256', secret).update(email.trim().toLowerCase()).digest();
      const session = randomBytes(16).toString('hex');
      sessions.set(session, `C-${(digest.readUInt32BE() % 900_000) + 100_000}`);
      return cookie(session);
    },

    /**
     * @param {string | undefined} cookies
     * @returns {string} the cookie to set
     */
    logout(cookies) {
      sessions.delete(sessionIn(cookies));
      return cookie('', '; Max-Age=0');
    },
  };
}

/** @param {string | undefined} cookies */
const sessionIn = (cookies = '') => cookies.match(/(?:^|;\s*)shop_session=([0-9a-f]{32})/)?.[1];
