/**
 * The shop's only touch with Parcours. Every call may be made at any time: before the choice, without the script, under
 * a blocker. What the choice does not permit goes nowhere.
 *
 * @typedef {object} Parcours
 * @property {(type: string, props?: Record<string, unknown>) => void} track
 * @property {(choice: Choice, about?: { at: string }) => void} consent
 * @property {(keys: Record<string, string>) => void} identify
 * @property {() => void} reset
 *
 * @typedef {import('./purposes.js').Choice} Choice
 */

const parcours = () => /** @type {{ parcours?: Parcours }} */ (/** @type {unknown} */ (window)).parcours;

/**
 * @param {string} type  a GA4 name, or one of the shop's own
 * @param {Record<string, unknown>} props
 */
export const track = (type, props) => parcours()?.track(type, props);

/** @param {Choice & { at: string }} choice */
export const tellChoice = ({ at, ...choice }) => parcours()?.consent(choice, { at });

/** Who is logged in: on every page, since it holds for a page's life. @param {{ customer_id: string }} keys */
export const identify = (keys) => parcours()?.identify(keys);

/** Another person from now on: at the logout. */
export const forgetVisitor = () => parcours()?.reset();
