/**
 * What a visitor of the shop is asked for, in the words of Parcours: one list for every consent manager.
 *
 * @typedef {{ audience: boolean, ads_measurement: boolean, crm_join: boolean }} Choice
 */
export const PURPOSES = /** @type {const} */ (['audience', 'ads_measurement', 'crm_join']);

/** Heard on the document after each choice made on this page. */
export const CHOSEN = 'shop_choice';

/** Tells the page's other parts, such as the account. */
export const announceChoice = () => document.dispatchEvent(new Event(CHOSEN));
