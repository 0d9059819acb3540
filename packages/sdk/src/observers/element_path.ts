/** Levels of an element's path, and characters at most, as the protocol's `element` takes them. */
const LEVELS = 5;
const MAX_CHARS = 500;

/**
 * Ids and roles that somebody thought of: short and plain. Those that programs make have colons (`:r1:`), begin with a
 * sign (`_r_1_`) or hold three digits or more (`item-20831`, a UUID), and would name the same thing differently each time.
 */
const isLasting = (name: string | null): boolean => /^(?!(.*\d){3})[a-z][\w-]{0,49}$/i.test(name ?? '');

/**
 * The elements that an event went through, from the innermost to the root, across open shadow roots and slots.
 * None where one of them is marked `data-pc-ignore`: what happens there is nobody's business.
 */
export const elementsOf = (event: Event): Element[] => {
  const elements = event.composedPath().filter((target) => (target as Node).nodeType === 1) as Element[];
  return elements.some((element) => element.matches('[data-pc-ignore]')) ? [] : elements;
};

/**
 * Where an element is in the page, such as `main > form#order > button`: the tags of at most five levels, with `#id` and
 * `[role]` where they last. Neither classes, which change with the design, nor texts. `body` and `html` say nothing and
 * stand only for themselves.
 *
 * @param elements the element and those around it, from the inside out
 */
export const elementPath = (elements: readonly Element[]): string =>
  elements
    .filter(({ localName }, index) => !index || !/^(body|html)$/.test(localName))
    .slice(0, LEVELS)
    .map((element) => {
      // Not `element.id`: in a form, a field called `id` stands in its place.
      const id = element.getAttribute('id');
      const role = element.getAttribute('role');
      return element.localName + (isLasting(id) ? `#${id}` : '') + (isLasting(role) ? `[${role}]` : '');
    })
    .reverse()
    .join(' > ')
    .slice(-MAX_CHARS);
