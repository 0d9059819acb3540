import { randomBytes, randomUUID } from 'node:crypto';

/** Events of one batch: about what a page sends when it has been looked at for a while. */
export const EVENTS_PER_BATCH = 10;

const CAMPAIGNS = ['news', 'brand', 'winter-sale', 'loyalty'];
const KINDS = ['page_view', 'page_view', 'view_item', 'click', 'page_view', 'view_item', 'add_to_cart', 'page_view'];

const priceOf = (product: number): number => 9.9 + (product % 300);

const propsOf = (type: string, product: number): object | undefined => {
  if (type === 'page_view') return { navigation: 'push', template: 'product-list' };
  if (type === 'click')
    return { element: 'main > ul > li > a', role: 'link', label: `Product ${product}`, x: 0.4, y: 0.6 };
  const item = { item_id: `SKU-${product}`, item_name: `Product ${product}`, price: priceOf(product), quantity: 1 };
  return { currency: 'EUR', value: priceOf(product), items: [item] };
};

/**
 * Batches of a shop that does not exist, for measuring: each is one visit of ten events over a few of 2,000 product
 * pages, with ids of its own, so that nothing is a duplicate.
 *
 * @returns the next batch as JSON text, some 6 KB
 */
export function createVisits({ site, key }: { readonly site: string; readonly key: string }): () => string {
  let visits = 0;
  return () => {
    visits += 1;
    const now = new Date().toISOString();
    const visit = randomBytes(6).toString('hex');
    const events = Array.from({ length: EVENTS_PER_BATCH }, (_, seq) => {
      const product = (visits * 7 + seq * 13) % 2_000;
      const type = KINDS[(visits + seq) % KINDS.length] as string;
      const props = propsOf(type, product);
      return {
        event_id: randomUUID(),
        type,
        occurred_at: now,
        stamp: 0,
        seq,
        visitor_id: `019aa1c0-aaaa-7000-8000-${visit}`,
        session_id: `019aa1c0-bbbb-7000-8000-${visit}`,
        page_view_id: `019aa1c0-cccc-7000-8000-${visit}`,
        page: {
          url: `https://bench.example/products/${product}?utm_source=${CAMPAIGNS[visits % CAMPAIGNS.length]}&utm_medium=email`,
          title: `Product ${product} | Bench`,
          referrer: 'https://www.qwant.com/',
        },
        props,
      };
    });
    const stamps = [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }];
    return JSON.stringify({ v: 1, site, key, sdk: 'bench', sent_at: now, stamps, events });
  };
}
