/** What a click does something with, of itself or by what it says it is. */
const CLICKABLE = 'a[href],button,summary,[role=button],[type=button],[type=submit],[type=image]';

/** Where a click does what the browser makes it do: fields and what names them, players. Not the inputs that are buttons. */
export const FIELDS =
  'input:not([type=button],[type=submit],[type=image]),select,textarea,label,[contenteditable],video,audio';

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
