import { scrubEscaped } from './escapes.ts';
import { look, MAY } from './look.ts';
import { RULES } from './rules/index.ts';

export interface Scrubber {
  /** The text without personal data and secrets, each replaced by its kind: `[email]`. The very same text where there are none. */
  text(value: string): string;
  /**
   * The same for every text in a decoded JSON value, its keys too, and for whole numbers long enough to be a card.
   * Copies what it changes and returns the very same value where it changes nothing.
   */
  value<T>(json: T): T;
}

export interface ScrubberOptions {
  /** Told the rule's name for each match, never the match. */
  readonly onHit?: (rule: string) => void;
}

/** Escapes inside escapes that are read: an address in a query of an address in a query. */
const ESCAPE_DEPTH = 3;

/** Keys known to be clean that are remembered: a site has some hundred, and looking at them anew costs as much as at the values. */
const MAX_KEYS = 2_000;
const MAX_KEY_CHARS = 64;

/** Where a number has as many digits as a NIR (13) or more, and where it has more than a card (19): below and from there on it is neither. */
const LONG_NUMBER = 1e13;
const TOO_LONG_NUMBER = 1e19;

const isLong = (number: number): boolean => Math.abs(number) >= LONG_NUMBER && Math.abs(number) < TOO_LONG_NUMBER;

const noHit = (): void => {};

/**
 * Returns a scrubber: takes e-mail addresses, phone numbers, IBANs, cards, French social security numbers, JWTs and long
 * tokens out of whatever a sender gives, and repairs text that no file should hold (control characters, half surrogate pairs).
 * It is the last guard, not the first: it finds what has a shape, and a name has none.
 *
 * Applying it twice changes nothing more. It recurses as deep as the value: callers bound that (LIMITS.depth).
 */
export function createScrubber({ onHit = noHit }: ScrubberOptions = {}): Scrubber {
  const rules = RULES.map(({ name, needs, replace }) => ({ needs, replace, hit: () => onHit(name) }));

  const text = (value: string, depth = 0): string => {
    const may = look(value);
    return may === 0 ? value : thorough(value, may, depth);
  };

  // One replacement can lay bare the next, so it runs until nothing is found: every round takes characters away.
  const thorough = (value: string, found: number, depth: number): string => {
    let clean = found & MAY.repair ? repair(value) : value;
    for (let may = found; may !== 0; may = look(clean)) {
      const before = clean;
      if (may & MAY.escape && depth < ESCAPE_DEPTH) clean = scrubEscaped(clean, (part) => text(part, depth + 1));
      for (const { needs, replace, hit } of rules) if (may & needs) clean = replace(clean, hit);
      if (clean === before) break;
    }
    return clean;
  };

  const cleanKeys = new Set<string>();
  const keyText = (key: string): string => {
    if (cleanKeys.has(key)) return key;
    const clean = text(key);
    if (clean === key && key.length <= MAX_KEY_CHARS) {
      // Strangers choose keys: when they have filled it, begin again rather than keep theirs.
      if (cleanKeys.size >= MAX_KEYS) cleanKeys.clear();
      cleanKeys.add(key);
    }
    return clean;
  };

  const value = (json: unknown): unknown => {
    if (typeof json === 'string') return text(json);
    if (typeof json === 'number') return isLong(json) ? longNumber(json) : json;
    if (typeof json !== 'object' || json === null) return json;
    return Array.isArray(json) ? list(json) : record(json as Record<string, unknown>);
  };

  const longNumber = (number: number): unknown => {
    const written = String(number);
    const clean = text(written);
    return clean === written ? number : clean;
  };

  const list = (items: unknown[]): unknown[] => {
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index++) {
      const clean = value(items[index]);
      if (clean === items[index]) continue;
      copy ??= [...items];
      copy[index] = clean;
    }
    return copy ?? items;
  };

  const record = (fields: Record<string, unknown>): Record<string, unknown> => {
    let copy: [string, unknown][] | undefined;
    let hasCleanKeys = true;
    const keys = Object.keys(fields);
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      const field = fields[key];
      const cleanKey = keyText(key);
      const clean = value(field);
      if (cleanKey === key && clean === field) continue;
      copy ??= keys.map((name) => [name, fields[name]]);
      copy[index] = [cleanKey, clean];
      if (cleanKey !== key) hasCleanKeys = false;
    }
    if (!copy) return fields;
    return Object.fromEntries(hasCleanKeys ? copy : apart(copy));
  };

  return { text: (given) => text(given), value: <T>(json: T): T => value(json) as T };
}

/** Two keys that became one (`[email]`) are told apart by a number. */
function apart(entries: readonly [string, unknown][]): [string, unknown][] {
  const taken = new Set<string>();
  return entries.map(([key, field]) => {
    let free = key;
    for (let count = 2; taken.has(free); count++) free = `${key} ${count}`;
    taken.add(free);
    return [free, field];
  });
}

/** Control characters but tab and line ends, and halves of surrogate pairs: Parquet, JSON readers and terminals choke on them. */
const repair = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/gu, '\ufffd');
