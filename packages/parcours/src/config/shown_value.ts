import { type Path, pathText } from './path.ts';

/** Settings whose values are nobody's business: what signs, opens or addresses something. */
const SECRET = /secret|webhook|headers|token|password|pepper/i;

/** What a secret of ours begins with, wherever somebody put it by mistake. */
const SECRET_TEXT = /^(sk|pc)_/;

const MAX_CHARS = 60;

/** Whether a setting is one whose value is never shown. */
export const isSecret = (path: Path): boolean => SECRET.test(pathText(path));

/** A value as an error may show it: short, on one line, and only where it is no secret. Absent: it is not shown. */
export function shownValue(path: Path, value: unknown): string | undefined {
  if (value === undefined || isSecret(path)) return undefined;
  if (typeof value === 'string' && SECRET_TEXT.test(value)) return undefined;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text;
}
