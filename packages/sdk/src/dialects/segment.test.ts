import { RECORDS } from '@parcours/protocol/schema';
import { describe, expect, it } from 'vitest';
import type { Track } from '../tracker_types.ts';
import { fromSegment } from './segment.ts';

const product = {
  product_id: '507f1f77bcf86cd799439011',
  sku: 'G-32',
  category: 'Games',
  name: 'Monopoly: 3rd Edition',
  brand: 'Hasbro',
  variant: '200 pieces',
  price: 18.99,
  quantity: 1,
  coupon: 'MAYDEALS',
  position: 3,
  url: 'https://www.example.com/product/path',
  image_url: 'https://www.example.com/product/path.jpg',
};

const item = {
  item_id: '507f1f77bcf86cd799439011',
  sku: 'G-32',
  item_category: 'Games',
  item_name: 'Monopoly: 3rd Edition',
  item_brand: 'Hasbro',
  item_variant: '200 pieces',
  price: 18.99,
  quantity: 1,
  coupon: 'MAYDEALS',
  index: 3,
};

const order = {
  order_id: '50314b8e9bcf000000000000',
  affiliation: 'Google Store',
  total: 27.5,
  subtotal: 22.5,
  revenue: 25,
  shipping: 3,
  tax: 2,
  discount: 2.5,
  coupon: 'hasbros',
  currency: 'USD',
  products: [product],
};

const promotion = { promotion_id: 'promo_1', creative: 'top_banner_2', name: '75% store-wide', position: 'home_top' };
const promoted = {
  promotion_id: 'promo_1',
  creative_name: 'top_banner_2',
  promotion_name: '75% store-wide',
  creative_slot: 'home_top',
};

/** The examples of Segment's e-commerce specification, version 2, where GA4 has an event for them. */
const SPEC = [
  ['Products Searched', { query: 'blue roses' }, 'search', { search_term: 'blue roses' }],
  [
    'Product List Viewed',
    { list_id: 'hot_deals_1', category: 'Deals', products: [product] },
    'view_item_list',
    { item_list_id: 'hot_deals_1', item_list_name: 'Deals', items: [item] },
  ],
  ['Promotion Viewed', promotion, 'view_promotion', promoted],
  ['Promotion Clicked', promotion, 'select_promotion', promoted],
  ['Product Clicked', product, 'select_item', { items: [item] }],
  [
    'Product Viewed',
    { ...product, currency: 'usd', value: 18.99 },
    'view_item',
    { currency: 'USD', value: 18.99, items: [item] },
  ],
  ['Product Added', { cart_id: 'c1', ...product }, 'add_to_cart', { cart_id: 'c1', items: [item] }],
  ['Product Removed', { cart_id: 'c1', ...product }, 'remove_from_cart', { cart_id: 'c1', items: [item] }],
  ['Cart Viewed', { cart_id: 'c1', products: [product] }, 'view_cart', { cart_id: 'c1', items: [item] }],
  [
    'Checkout Started',
    { ...order, value: 30, total: undefined, subtotal: undefined },
    'begin_checkout',
    {
      order_id: order.order_id,
      affiliation: 'Google Store',
      value: 25,
      shipping: 3,
      tax: 2,
      discount: 2.5,
      coupon: 'hasbros',
      currency: 'USD',
      items: [item],
    },
  ],
  [
    'Payment Info Entered',
    { checkout_id: 'k', order_id: 'o', payment_method: 'Visa', shipping_method: 'Fedex' },
    'add_payment_info',
    { checkout_id: 'k', order_id: 'o', payment_type: 'Visa', shipping_tier: 'Fedex', items: [] },
  ],
  [
    'Order Completed',
    { checkout_id: 'k', ...order },
    'purchase',
    {
      checkout_id: 'k',
      transaction_id: order.order_id,
      affiliation: 'Google Store',
      value: 25,
      shipping: 3,
      tax: 2,
      discount: 2.5,
      coupon: 'hasbros',
      currency: 'USD',
      items: [item],
    },
  ],
  [
    'Order Refunded',
    { order_id: 'o', total: 30, currency: 'USD', products: [product] },
    'refund',
    { transaction_id: 'o', value: 30, currency: 'USD', items: [item] },
  ],
  [
    'Product Added to Wishlist',
    { wishlist_id: 'w', wishlist_name: 'Loved', ...product },
    'add_to_wishlist',
    { wishlist_id: 'w', wishlist_name: 'Loved', items: [item] },
  ],
  [
    'Wishlist Product Added to Cart',
    { wishlist_id: 'w', cart_id: 'c', ...product },
    'add_to_cart',
    { wishlist_id: 'w', cart_id: 'c', items: [item] },
  ],
] as const;

describe('fromSegment', () => {
  it.each(SPEC)('%s is our record, and valid', (name, properties, type, props) => {
    expect(fromSegment(name, properties)).toEqual([type, props]);
    const record = RECORDS.find((known) => known.type === type);
    expect(record?.props.safeParse(props).error).toBeUndefined();
  });

  it.each([
    ['Viewed Product Category', 'view_item_list'],
    ['Viewed Product', 'view_item'],
    ['Clicked Product', 'select_item'],
    ['Added Product', 'add_to_cart'],
    ['Removed Product', 'remove_from_cart'],
    ['Started Order', 'begin_checkout'],
    ['Completed Order', 'purchase'],
    ['Viewed Promotion', 'view_promotion'],
    ['Clicked Promotion', 'select_promotion'],
    ['product added', 'add_to_cart'],
    ['product_added', 'add_to_cart'],
  ])('knows %s as %s', (name, type) => {
    expect(fromSegment(name)[0]).toBe(type);
  });

  it.each([
    ['Coupon Applied', { order_id: 'o', coupon_id: 'may', coupon_name: 'May', discount: 23.32 }, 'coupon_applied'],
    [
      'Product List Filtered',
      { list_id: 'l', filters: [{ type: 'price', value: 'under-25' }] },
      'product_list_filtered',
    ],
    ['Checkout Step Viewed', { checkout_id: 'k', step: 2, payment_method: 'Visa' }, 'checkout_step_viewed'],
    ['Order Cancelled', { order_id: 'o', total: 30, products: [{ product_id: 'a' }] }, 'order_cancelled'],
    ['Fitting Booked', { store: 'lyon-2' }, 'fitting_booked'],
  ])('%s, which GA4 has no name for, keeps its properties', (name, properties, type) => {
    expect(fromSegment(name, properties)).toEqual([type, properties]);
  });

  it.each([
    ['revenue before all', { revenue: 25, subtotal: 22.5, total: 27.5, tax: 2, shipping: 3 }, 25],
    ['the subtotal before the total', { subtotal: 22.5, total: 27.5, tax: 2, shipping: 3 }, 22.5],
    ['the total without tax and shipping', { total: 129.9, tax: 21.65, shipping: 4.9 }, 103.35],
    ['amounts in texts', { total: '129.90', tax: '21.65' }, 108.25],
    ['a value without tax and shipping', { value: 30, tax: 2, shipping: 3 }, 25],
    ['what is no number, for the collector to refuse', { total: '129,90', tax: 1 }, '129,90'],
    ['none', { tax: 2 }, undefined],
  ])('has as value %s', (_name, properties, value) => {
    expect(fromSegment('Order Completed', properties)[1].value).toBe(value);
  });

  it('takes the sku where there is no product id', () => {
    expect(fromSegment('Product Added', { sku: 'G-32' })[1]).toEqual({ items: [{ item_id: 'G-32', sku: 'G-32' }] });
  });

  it('keeps the coupon of an order without products', () => {
    expect(fromSegment('Checkout Started', { coupon: 'may' })[1]).toEqual({ coupon: 'may', items: [] });
  });

  it('has the currency that it is given, beside a value', () => {
    expect(fromSegment('Order Completed', { revenue: 5 }, 'EUR')[1].currency).toBe('EUR');
    expect(fromSegment('Order Completed', { revenue: 5, currency: 'chf' }, 'EUR')[1].currency).toBe('CHF');
  });

  it('fits `track`', () => {
    const tracked: unknown[] = [];
    const track: Track = (...args: unknown[]) => tracked.push(...args);
    track(...fromSegment('Product Added', { sku: 'G-32' }));
    expect(tracked).toEqual(['add_to_cart', { items: [{ item_id: 'G-32', sku: 'G-32' }] }]);
  });

  it('never takes a person', () => {
    const [, props] = fromSegment('Product Shared', {
      share_via: 'email',
      share_message: 'canary',
      recipient: 'canary',
      email: 'canary',
    });
    expect(props).toEqual({ share_via: 'email' });
  });

  it.each([['text'], [7], [null], [['a']]])('has no properties from %j', (properties) => {
    expect(fromSegment('Own', properties)).toEqual(['own', {}]);
  });

  it.each([[undefined], [null], [7], ['text'], [[1, 2]], [() => {}], [{ products: [null, 'a'] }], [{ products: {} }]])(
    'throws nothing at %j',
    (properties) => {
      expect(() => fromSegment('Order Completed', properties)).not.toThrow();
    },
  );
});
