import { LIMITS } from '@parcours/protocol';

/** Values that are copied of one object at most, so that an endless one costs the page nothing. */
const MOST = 5_000;

/** An event and its properties are the wire's first two levels. */
const LEVELS = LIMITS.depth - 1;

/**
 * Keys that tell who somebody is, in snake case. Persons are told by `identify`, under their own purpose. French names
 * beside English ones; `name` alone is not among them, since products and forms have one.
 */
const PERSONAL =
  /(^|_)((user|customer|client|member|account|visitor|crm|loyalty|card)_?(id|number|no|card|name|data|info|properties)|(id|no|num|numero)_(client|carte|fidelite|adherent)|e_?mails?|mail|courriel|phones?|telephone|tel|(first|last|full|sur|given|family)_?name|prenom|address|adresse|street|birth\w*|naissance|password|ip|recipient|share_message)(_|$)|^(user|customer|nom)$/;

/** `eventCallback`, `userID` and `page-location` as `event_callback`, `user_id` and `page_location`. */
export const snakeCase = (key: string): string =>
  key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();

const isLeftOut = (key: string): boolean => key[0] === '_' || PERSONAL.test(key);

/**
 * The texts, numbers, booleans, lists and objects that a page's object holds, copied: later changes of the page do not
 * reach the copy. Left out are keys that tell a person or begin with `_`, at any depth, and whatever says nothing or is
 * no data: empty texts, null, functions, elements, dates, what lies deeper than the wire takes (so cycles end) and what
 * throws when it is read.
 *
 * Of what is no object at all there is nothing: `{}`.
 *
 * @param control keys of the object itself that are left out too, in snake case
 */
export function plain(object: unknown, control?: RegExp): Record<string, unknown> {
  let room = MOST;

  const copy = (value: unknown, levels: number): unknown => {
    if (typeof value === 'string') return value || undefined;
    if (typeof value === 'boolean' || Number.isFinite(value)) return value;
    const isList = Array.isArray(value);
    const isObject = isList || Object.prototype.toString.call(value) === '[object Object]';
    if (!isObject || levels < 1) return undefined;
    const list: unknown[] = [];
    const fields: Record<string, unknown> = {};
    for (const key of Object.keys(value as object)) {
      if (room-- < 1) break;
      const name = snakeCase(key);
      if (!isList && (isLeftOut(name) || (levels === LEVELS && control?.test(name)))) continue;
      try {
        const part = copy((value as Record<string, unknown>)[key], levels - 1);
        if (part !== undefined) {
          fields[key] = part;
          list.push(part);
        }
      } catch {
        // As if it were not there.
      }
    }
    return isList ? list : fields;
  };

  const { object: copied } = copy({ object }, LEVELS + 1) as Record<string, unknown>;
  return typeof copied === 'object' && !Array.isArray(copied) ? (copied as Record<string, unknown>) : {};
}
