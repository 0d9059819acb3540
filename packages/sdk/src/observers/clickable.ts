/** What a click does something with, of itself or by what it says it is. */
const CLICKABLE = 'a[href],area[href],button,summary,[role=button],[type=button],[type=submit],[type=image]';

/**
 * The innermost thing under a click that a click does something with, and the elements around it; empty if there is none.
 * So a click on the picture in a button is one on the button.
 *
 * @param elements what was clicked, from the inside out
 */
export const clickableOf = (elements: readonly Element[]): readonly Element[] => {
  const start = elements.findIndex((element) => element.matches(CLICKABLE));
  return start < 0 ? [] : elements.slice(start);
};
