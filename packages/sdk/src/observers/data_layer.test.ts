import { describe, expect, it } from 'vitest';
import { boot, bridge, toldBy } from '../testing/data_layer.ts';

describe('a GA4 push', () => {
  it('becomes our record with its name and properties as they are', () => {
    const ecommerce = { currency: 'EUR', value: 129.9, items: [boot] };
    expect(toldBy({ event: 'add_to_cart', ecommerce })).toEqual([['add_to_cart', ecommerce]]);
  });

  it('keeps what stands beside the e-commerce object, which wins', () => {
    expect(toldBy({ event: 'view_item', page_type: 'product', value: 1, ecommerce: { value: 2, items: [] } })).toEqual([
      ['view_item', { page_type: 'product', value: 2, items: [] }],
    ]);
  });

  it('may have its properties without an e-commerce object', () => {
    const order = { transaction_id: 'W-1', currency: 'EUR', value: 10, items: [boot] };
    expect(toldBy({ event: 'purchase', ...order })).toEqual([['purchase', order]]);
  });

  it('has the e-commerce object that was pushed before it, until that is reset', () => {
    const { page, seen } = bridge();
    page.dataLayer.push({ ecommerce: { items: [boot] } });
    page.dataLayer.push({ event: 'view_item' });
    page.dataLayer.push({ event: 'newsletter_opened' });
    page.dataLayer.push({ event: 'add_to_cart', items: [] });
    page.dataLayer.push({ ecommerce: null });
    page.dataLayer.push({ event: 'view_cart' });
    expect(seen).toEqual([
      ['view_item', { items: [boot] }],
      ['newsletter_opened', {}],
      ['add_to_cart', { items: [] }],
      ['view_cart', {}],
    ]);
  });

  it('is as it was pushed, whatever the page does to it later', () => {
    const push = { event: 'view_item', ecommerce: { items: [{ ...boot }] } };
    const seen = toldBy(push);
    push.ecommerce.items[0]!.item_name = 'Sandal';
    expect(seen).toEqual([['view_item', { items: [boot] }]]);
  });

  it.each([
    [
      'amounts and quantities in texts',
      { value: '129.90', tax: '21.65', shipping: ' 0 ' },
      { value: 129.9, tax: 21.65, shipping: 0 },
    ],
    ['a number that GA4 cannot read either', { value: '129,90' }, { value: '129,90' }],
    ['an id that is a number', { transaction_id: 1042 }, { transaction_id: '1042' }],
    ['a currency in small letters', { currency: 'eur' }, { currency: 'EUR' }],
    [
      'the currency of the first item',
      { items: [{ ...boot, currency: 'EUR' }] },
      { currency: 'EUR', items: [{ ...boot, currency: 'EUR' }] },
    ],
    [
      'fields of items in texts',
      { items: [{ item_id: 7, price: '1.5', quantity: '2', index: '0' }] },
      { items: [{ item_id: '7', price: 1.5, quantity: 2, index: 0 }] },
    ],
    [
      "items by gtag's first names",
      { items: [{ id: 7, name: 'Boot', category: 'Shoes/Boots', list_position: 1 }] },
      { items: [{ item_id: '7', item_name: 'Boot', item_category: 'Shoes', item_category2: 'Boots', index: 1 }] },
    ],
    ['items that are none', { items: 'SKU-1042' }, { items: 'SKU-1042' }],
    [
      'empty values',
      { coupon: '', value: null, currency: undefined, items: [{ ...boot, item_brand: '' }] },
      { items: [boot] },
    ],
    [
      'a name of an object method',
      { constructor: 'Cairn', items: [{ id: 'a', toString: 'x' }] },
      { constructor: 'Cairn', items: [{ item_id: 'a', toString: 'x' }] },
    ],
  ])('has %s', (_name, ecommerce, expected) => {
    expect(toldBy({ event: 'purchase', ecommerce })).toEqual([['purchase', expected]]);
  });

  it('has the currency of the shop where there is a value and no currency', () => {
    const { page, seen } = bridge({ currency: 'EUR' });
    page.dataLayer.push({ event: 'view_cart', ecommerce: { value: 5 } });
    page.dataLayer.push({ event: 'view_cart', ecommerce: { value: 5, currency: 'CHF' } });
    page.dataLayer.push({ event: 'view_cart', ecommerce: { items: [] } });
    expect(seen.map(([, props]) => props)).toEqual([
      { value: 5, currency: 'EUR' },
      { value: 5, currency: 'CHF' },
      { items: [] },
    ]);
  });

  it('has at most the 200 items of GA4', () => {
    const items = Array.from({ length: 300 }, (_, index) => ({ item_id: `${index}` }));
    const [[, props] = []] = toldBy({ event: 'view_item_list', ecommerce: { items } });
    expect(props!.items).toHaveLength(200);
  });

  it('of another event keeps its types', () => {
    expect(toldBy({ event: 'size_chosen', value: '42', product_id: 7 })).toEqual([
      ['size_chosen', { value: '42', product_id: 7 }],
    ]);
  });
});

describe('a gtag call', () => {
  it('becomes our record', () => {
    const { page, seen } = bridge();
    const order = { transaction_id: 'W-1', currency: 'EUR', value: 129.9, items: [boot] };
    page.gtag('event', 'purchase', { ...order, send_to: 'G-1', event_callback() {}, event_timeout: 500 });
    page.gtag('event', 'store_found');
    expect(seen).toEqual([
      ['purchase', order],
      ['store_found', {}],
    ]);
  });

  it.each([
    ['config', 'G-1', { send_page_view: true }],
    ['js', new Date()],
    ['set', 'user_data', { email: 'jane@mail.example' }],
    ['consent', 'update', { analytics_storage: 'granted' }],
    ['get', 'G-1', 'client_id', () => {}],
    ['event'],
    ['event', 7],
    [],
  ])('tells nothing as %s', (...args) => {
    const { page, seen } = bridge();
    page.gtag(...args);
    expect(seen).toEqual([]);
  });

  it('is none as an array, which Tag Manager takes for something else', () => {
    expect(toldBy(['event', 'purchase', { value: 1 }])).toEqual([]);
  });

  it('is not told again by what gtag makes of it', () => {
    expect(toldBy({ event: 'purchase', eventModel: { value: 1 }, 'gtm.uniqueEventId': 7 })).toEqual([]);
  });
});

describe('an event of its own', () => {
  it.each(['gtm.js', 'gtm.dom', 'gtm.load', 'gtm.click', 'gtm.historyChange-v2', 'gtag.config'])(
    'is not %s',
    (event) => {
      expect(toldBy({ event, 'gtm.start': 1 })).toEqual([]);
    },
  );

  it.each(['user_engagement', 'scroll', 'first_visit', 'session_start', 'click', 'form_start', 'form_submit'])(
    'is not %s, which our own observers tell',
    (event) => {
      expect(toldBy({ event })).toEqual([]);
    },
  );

  it.each([
    ['store_found', 'store_found'],
    ['Product Viewed', 'product_viewed'],
    ['didomi-ready', 'didomi_ready'],
    ['addToCart', 'addtocart'],
    ['clic téléphone', 'clic_telephone'],
    ['gtm4wp.viewCart', 'gtm4wp_viewcart'],
    ['404', 'event_404'],
    ['x'.repeat(99), 'x'.repeat(64)],
  ])('called %s is %s', (event, type) => {
    expect(toldBy({ event })).toEqual([[type, {}]]);
  });

  it.each([['---'], [''], [7], [null], [{}]])('called %j is none', (event) => {
    expect(toldBy({ event })).toEqual([]);
  });

  it('leaves out what steers tags and what repeats the address', () => {
    const rest = { eventCallback() {}, eventTimeout: 1, 'gtm.uniqueEventId': 3, gtm: { x: 1 }, _clear: true };
    const address = { page_location: 'https://shop.example/?token=1', page_path: '/?token=1', page_title: 'Boots' };
    expect(toldBy({ event: 'a', ...rest, ...address })).toEqual([['a', { page_title: 'Boots' }]]);
  });
});

describe('a page view', () => {
  it('is ours to count', () => {
    const { page, seen } = bridge();
    page.dataLayer.push({ event: 'page_view', page_title: 'Boots' });
    page.gtag('event', 'page_view', { page_location: 'https://shop.example/' });
    expect(seen).toEqual([]);
  });

  it('is counted where the data layer is asked to', () => {
    const { page, seen } = bridge({ pageViews: true });
    page.gtag('event', 'page_view', { page_location: 'https://shop.example/?q=1', page_title: 'Boots' });
    expect(seen).toEqual([['page_view', { page_title: 'Boots' }]]);
  });
});

describe('map', () => {
  it('renames, changes and lets go', () => {
    const { page, seen } = bridge({
      map: (event) => {
        if (event.type === 'noise') return undefined;
        if (event.type === 'broken') throw new Error('mine');
        return { type: event.type.replace('addtocart', 'add_to_cart'), props: { ...event.props, shop: 'fr' } };
      },
    });
    for (const event of ['noise', 'broken', 'addToCart']) page.dataLayer.push({ event });
    expect(seen).toEqual([['add_to_cart', { shop: 'fr' }]]);
  });
});
