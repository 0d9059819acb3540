/**
 * An element of the page by its id.
 *
 * @param {string} id
 * @returns {any} of the kind that the server wrote, whom scripts of the shop trust to have written it
 */
export const byId = (id) => document.getElementById(id);

/**
 * The first part of an element that a selector finds.
 *
 * @param {ParentNode} element
 * @param {string} selector
 * @returns {any} null where there is none
 */
export const part = (element, selector) => element.querySelector(selector);

/** The page's template of a line, made into one. */
export const newLine = () => byId('line').content.firstElementChild.cloneNode(true);
