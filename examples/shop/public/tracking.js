/**
 * The shop's only touch with Parcours. Every call may be made at any time: before the choice, without the script, under
 * a blocker. What the choice does not permit goes nowhere.
 *
 * @typedef {object} Parcours
 * @property {(type: string, props?: Record<string, unknown>) => void} track
 * @property {(choice: { audience: boolean }, about?: { at: string }) => void} consent
 */

const parcours = () => /** @type {{ parcours?: Parcours }} */ (/** @type {unknown} */ (window)).parcours;

/**
 * @param {string} type  a GA4 name
 * @param {Record<string, unknown>} props
 */
export const track = (type, props) => parcours()?.track(type, props);

/**
 * @param {{ audience: boolean, at: string }} choice
 */
export const tellChoice = ({ audience, at }) => parcours()?.consent({ audience }, { at });
