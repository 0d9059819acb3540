import { randomBytes } from 'node:crypto';
import { DEFAULT_POLICY_HASH } from '../../packages/protocol/dist/policy.js';
import { receiptIdOf, subjectOf } from '../../packages/store/dist/receipts.js';
import { senderOf } from './servers.mjs';

/** Stand in a written batch where every request has its own. */
const ID = '00000000-0000-7000-8000-000000000000';
const TIME = '2000-01-01T00:00:00.000Z';

const PAGES = 2_000;
/** How many are written before: fewer of the large ones, so that all take some MB. */
const preparedOf = (events) => (events > 10 ? 100 : 500);
/** One batch of so many tells a choice for the first time: its receipt is made, signed and written. */
const CHOICES = 20;

/** Seeded, so that every run sends the same. Source: mulberry32, public domain. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const items = [
  {
    item_id: 'SKU-1042',
    item_name: 'Walking boot',
    item_brand: 'Cairn',
    item_category: 'Shoes',
    item_variant: '42',
    price: 129.9,
    quantity: 1,
  },
  {
    item_id: 'SKU-2077',
    item_name: 'Merino socks, two pairs',
    item_brand: 'Cairn',
    item_category: 'Socks',
    price: 24.5,
    quantity: 2,
  },
];

const anEvent = (n, page, visitor) => ({
  event_id: ID,
  type: n % 3 === 0 ? 'view_item' : 'page_view',
  occurred_at: TIME,
  stamp: 0,
  seq: n,
  visitor_id: `019aa1c0-aaaa-7000-8000-${visitor}`,
  session_id: `019aa1c0-bbbb-7000-8000-${visitor}`,
  page_view_id: `019aa1c0-cccc-7000-8000-${visitor}`,
  page: {
    url: `https://shop.example/collections/boots/product-${page}?utm_source=news&utm_medium=email&utm_campaign=autumn-week`,
    title: 'Walking boots for wide feet, waterproof, men and women | Cairn, the outdoor shop of Lyon and Grenoble',
    referrer: 'https://www.qwant.com/',
  },
  props:
    n % 3 === 0
      ? { currency: 'EUR', value: 129.9, items }
      : {
          navigation: 'push',
          template: 'product-list',
          sort_order: 'popularity',
          filters: ['size:42', 'colour:brown', 'waterproof'],
          position: n,
        },
});

/**
 * A source of batches that costs nearly nothing while the server is measured: 500 are written before (100 large ones), each of one
 * visitor on some pages, some pages more seen than others as in a shop; ten events are about 8 KB. For each request the
 * ids, unique in all runs, and the times are written into one of them.
 *
 * Three of four visitors accepted what the shop asked for, one the measuring alone, so that campaigns are not stored. Most
 * chose before, and name the receipt; each twentieth chooses now.
 *
 * @param {{ receiptKey: Uint8Array, events?: number, sites?: number }} options  `receiptKey`: the collector's; `events` of a
 *   batch, `sites` that send in turns
 */
export function createBatches({ receiptKey, events: size = 10, sites = 1 }) {
  const random = createRandom(2026);
  // Squared: half of the views fall on a quarter of the pages.
  const aPage = () => Math.floor(PAGES * random() ** 2);
  const batchCount = preparedOf(size);
  const prepared = Array.from({ length: batchCount }, (_, n) => {
    const visitor = String(n).padStart(12, '0');
    const sender = senderOf(n % sites);
    const pages = Array.from({ length: Math.ceil(size / 4) }, aPage);
    const text = JSON.stringify({
      v: 1,
      ...sender,
      sdk: 'bench',
      sent_at: TIME,
      stamps: [stampOf(n, { receiptKey, site: sender.site, visitorId: `019aa1c0-aaaa-7000-8000-${visitor}` })],
      events: Array.from({ length: size }, (_, seq) => anEvent(seq, pages[Math.floor(seq / 4)], visitor)),
    });
    return { body: Buffer.from(text), ids: placesOf(text, ID), times: placesOf(text, TIME) };
  });
  const run = `019aa1c0-${randomBytes(2).toString('hex')}-7${randomBytes(2).toString('hex').slice(1)}-8000-`;
  let count = 0;
  let next = 0;
  return {
    /** The next batch. Its bytes are good until the same batch comes round again. */
    next() {
      const { body, ids, times } = prepared[next];
      next = (next + 1) % batchCount;
      for (const place of ids) body.write(run + (count++).toString(16).padStart(12, '0'), place, 'latin1');
      const now = new Date().toISOString();
      for (const place of times) body.write(now, place, 'latin1');
      return body;
    },
  };
}

function stampOf(n, { receiptKey, site, visitorId }) {
  const purposes = n % 4 === 0 ? ['audience'] : ['audience', 'ads_measurement', 'crm_join'];
  const choice = { purposes, source: 'manual', policy: DEFAULT_POLICY_HASH };
  if (n % CHOICES === 1) return { ...choice, at: TIME };
  const before = { ...choice, at: new Date(Date.now() - 60_000).toISOString() };
  const subject = subjectOf(receiptKey, site, visitorId);
  return { ...before, receipt: receiptIdOf(receiptKey, { subject, ...before }) };
}

/** Where in a text another begins, each time. */
export function placesOf(text, placeholder) {
  const places = [];
  for (let at = text.indexOf(placeholder); at >= 0; at = text.indexOf(placeholder, at + 1)) places.push(at);
  return places;
}
