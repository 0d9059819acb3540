/** Levels of an element's path. With ids of 40 characters it stays within the protocol's 500 for `element`. */
const LEVELS = 5;

/**
 * Ids that somebody thought of: short and plain. Those that programs make have colons (`:r1:`), begin with a
 * sign (`_r_1_`) or hold three digits or more (`item-20831`, a UUID), and would name the same thing differently each time.
 */
const LASTING = /^(?!(.*\d){3})[a-z][\w-]{0,39}$/i;

/**
 * The elements that an event went through, from the innermost to `html`, across open shadow roots and slots.
 * None where one of them is marked `data-pc-ignore`: what happens there is nobody's business.
 */
export const elementsOf = (event: Event): Element[] => {
  const elements = event.composedPath().filter((target) => (target as Node).nodeType === 1) as Element[];
  return elements.some((element) => element.matches('[data-pc-ignore]')) ? [] : elements;
};

/**
 * Where an element is in the page, such as `main > form#order > button`: the tags of at most five levels below `body`,
 * with `#id` where it lasts. Neither classes, which change with the design, nor texts.
 *
 * @param elements the element and all around it, from the inside out up to `html`
 */
export const elementPath = (elements: readonly Element[]): string =>
  elements
    .slice(0, -2)
    .slice(0, LEVELS)
    .map((element) => {
      // Not `element.id`: in a form, a field called `id` stands in its place.
      const id = element.getAttribute('id') ?? '';
      return element.localName + (LASTING.test(id) ? `#${id}` : '');
    })
    .reverse()
    .join(' > ') || 'body';
