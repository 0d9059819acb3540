import { fail } from '../../fail.ts';
import { wholeNumber } from '../../reader_client.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 36_500;

/** The end that `--expires <days>` gives a key; none without it. Ends the command with one line where it is no number of days. */
export function expiry(text: string | undefined, json: boolean): { readonly expires_at?: string } {
  if (text === undefined) return {};
  const days = wholeNumber('--expires', text, json);
  if (days > MAX_DAYS) fail(`--expires must be ${MAX_DAYS} days at most (it is ${days})`, { json, code: 'bad_flag' });
  return { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() };
}
