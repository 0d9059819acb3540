/** What a form's `elements` hold that a visitor fills in, or a page for them. */
export type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Field types whose very name may tell a secret, or be one. */
const SECRET = /^(password|hidden)$/;

/** The part of HTML's autofill tokens that is about payment cards. Source: HTML, 4.10.18.7 autofill. */
const CARD = /^cc-/;

/** An autofill token that says what a field is. */
const TOKEN = /^(?!(on|off)$)[a-z][a-z-]{0,30}$/;

/**
 * Names as programmers write them, `email`, `order[lines][0].size`, `j_idt12:email`: what has another sign, five digits
 * in a row or a dozen hexadecimal ones is likely a value or an id of somebody.
 */
const WRITTEN = /^(?!.*(\d{5}|[\da-f-]{12}))[a-z_][\w.:[\]-]{0,63}$/i;

/** The first of these attributes that is a name and not a value. Read as attributes: a form's fields hide its properties. */
export const writtenName = (element: Element, ...attributes: readonly string[]): string | undefined =>
  attributes.map((name) => element.getAttribute(name) ?? '').find((text) => WRITTEN.test(text));

/**
 * How a field is called: its `name` or `id`, or for one that is secret (password, hidden, payment card) its autofill token
 * alone. `input3` for the third element of the form where that is none, or looks like a value. Values are never read.
 */
export const fieldName = (field: Field, form: HTMLFormElement): string => {
  const token = field.getAttribute('autocomplete')?.trim().toLowerCase().split(/\s+/).pop() ?? '';
  const isSecret = SECRET.test(field.type) || CARD.test(token);
  const name = isSecret ? TOKEN.exec(token)?.[0] : writtenName(field, 'name', 'id');
  return name ?? `${field.localName}${[...form.elements].indexOf(field) + 1}`;
};
