import type { Batch } from '@parcours/protocol';
import type { Ruling } from './permitted.ts';
import type { Passed } from './road.ts';
import { breach, seenOf, wordsIn } from './seen.ts';

/**
 * What a request told against the law, in words.
 *
 * A page sends under the choice that it knows. Before the harness tells it of the next step it may have learned of it already, as
 * the tab that captures, or not yet, as one that did not choose itself: so what is against the law is so by both steps.
 *
 * @param rulings by step
 */
export function wireFaults(
  { step, method, path, cookie, body }: Passed,
  rulings: readonly Ruling[],
  name: string,
): readonly string[] {
  const request = `${method} ${path}`;
  if (request === 'GET /p.js' || request === 'GET /v1/policy/shop') {
    return cookie === undefined ? [] : [`${request} with a cookie`];
  }
  if (request !== 'POST /v1/events') return [request];
  const { events, ...head } = JSON.parse(body) as Batch;
  const parts = [
    (ruling: Ruling) => headFault(head, ruling, name),
    ...events.map((event) => (ruling: Ruling) => eventFault(seenOf(event, name), ruling)),
  ];
  return parts.flatMap((faultBy) => {
    const [known, next] = rulings.slice(step, step + 2).map(faultBy);
    const isLast = step === rulings.length - 1;
    return known && (next || isLast) ? [`${next ?? known}: sent after step ${step - 1}`] : [];
  });
}

const eventFault = (seen: ReturnType<typeof seenOf>, { permitted, isTakenBack }: Ruling): string | undefined =>
  isTakenBack ? `event ${seen.number} after the refusal` : breach(seen, permitted);

/** What a batch says besides its events: nothing before a grant, after a refusal that it was, and never a word of a life. */
function headFault(head: Omit<Batch, 'events'>, { hasGranted, isTakenBack }: Ruling, name: string): string | undefined {
  const text = JSON.stringify(head);
  if (!hasGranted) return `before any grant: ${text}`;
  const isWithdrawal = head.withdrawn !== undefined && head.stamps.length === 0 && head.dropped === undefined;
  if (isTakenBack && !isWithdrawal) return `after the refusal: ${text}`;
  const { campaigns, others } = wordsIn(text, name);
  return campaigns.length + others.length > 0 ? `a life's words beside its events: ${text}` : undefined;
}
