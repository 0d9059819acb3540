// Tells Parcours of a paid order from the shop's server, with nothing but Node.
//   PARCOURS_SECRET_KEY=sk_… node confirm.mjs '{"id":"W-1","paidAt":"…","currency":"EUR","value":129.9,"items":[…],"consent":{…}}'
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const { COLLECTOR_URL = 'http://localhost:8787', PARCOURS_SITE = 'shop', PARCOURS_SECRET_KEY } = process.env;
const TRIES = 8;

/** The order as an event. Where you keep a list of what is to be sent, keep this: a repeat with its id is stored once. */
const purchaseOf = ({ id, paidAt, currency, value, items, visitorId }) => ({
  event_id: randomUUID(),
  type: 'purchase',
  occurred_at: paidAt,
  stamp: 0,
  visitor_id: visitorId,
  props: { transaction_id: id, currency, value, items },
});

/** One try: the result of the event, or the seconds after which to try again. What is wrong for good throws. */
async function send(event, consent) {
  const response = await fetch(`${COLLECTOR_URL}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PARCOURS_SECRET_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      v: 1,
      site: PARCOURS_SITE,
      sdk: 'example-server/1.0',
      sent_at: new Date().toISOString(),
      // The visitor's choice as the shop keeps it, with its date. Without a grant the event is left out.
      stamps: [{ purposes: consent.purposes, source: 'shop', at: consent.at }],
      events: [event],
    }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  if (response?.ok) {
    const [result] = (await response.json()).results;
    return result.status === 'retry' ? { wait: undefined } : { result };
  }
  if (response && response.status < 500 && ![408, 429].includes(response.status))
    throw new Error(await response.text());
  return { wait: response?.headers.get('retry-after') ?? undefined };
}

const order = JSON.parse(process.argv[2]);
const event = purchaseOf(order);
for (let attempt = 1; attempt <= TRIES; attempt++) {
  const { result, wait = Math.min(2 ** attempt, 60) } = await send(event, order.consent);
  if (result) {
    console.log(`${order.id}: ${result.status}${result.code ? ` (${result.code})` : ''}`);
    process.exit(result.status === 'failed' ? 1 : 0);
  }
  if (attempt < TRIES) await sleep(Number(wait) * 1000);
}
console.error(`${order.id}: the collector did not answer ${TRIES} times; send it again later`);
process.exit(1);
