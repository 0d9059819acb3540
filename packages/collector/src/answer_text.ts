import type { BatchReply, EventResult } from '@parcours/protocol';

/**
 * The answer 200 as JSON text. Put together by hand, because nearly every item is `accepted` and JSON.stringify of
 * many small objects is a tenth of the whole request (measured in the design, section 8).
 */
export function answerText(
  results: readonly EventResult[],
  { visitorId, receipts }: { readonly visitorId?: string | undefined; readonly receipts?: BatchReply['receipts'] } = {},
): string {
  let text = '{"results":[';
  let first = true;
  for (const result of results) {
    if (!first) text += ',';
    first = false;
    text +=
      result.status === 'accepted'
        ? // An accepted event's id is a checked UUID: nothing in it needs escaping.
          `{"event_id":"${result.event_id}","status":"accepted"}`
        : JSON.stringify(result);
  }
  text += ']';
  if (visitorId !== undefined) text += `,"visitor_id":${JSON.stringify(visitorId)}`;
  if (receipts !== undefined) text += `,"receipts":${JSON.stringify(receipts)}`;
  return `${text}}`;
}
