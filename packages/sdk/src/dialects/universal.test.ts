import { describe, expect, it } from 'vitest';
import { boot, bridge, toldBy } from '../testing/data_layer.ts';

describe('Universal Analytics', () => {
  const product = {
    id: 7,
    name: 'Boot',
    price: '129.90',
    brand: 'Cairn',
    category: 'Shoes/Walking',
    variant: '42',
    quantity: 1,
    dimension1: 'new',
  };
  const item = {
    item_id: '7',
    item_name: 'Boot',
    price: 129.9,
    item_brand: 'Cairn',
    item_category: 'Shoes',
    item_category2: 'Walking',
    item_variant: '42',
    quantity: 1,
    dimension1: 'new',
  };

  it.each([
    [
      'impressions',
      { currencyCode: 'EUR', impressions: [{ id: 'a', list: 'Boots', position: '2' }] },
      'view_item_list',
      { currency: 'EUR', item_list_name: 'Boots', items: [{ item_id: 'a', item_list_name: 'Boots', index: 2 }] },
    ],
    [
      'click',
      { click: { actionField: { list: 'Boots' }, products: [product] } },
      'select_item',
      { item_list_name: 'Boots', items: [item] },
    ],
    ['detail', { detail: { products: [product] } }, 'view_item', { items: [item] }],
    ['add', { currencyCode: 'eur', add: { products: [product] } }, 'add_to_cart', { currency: 'EUR', items: [item] }],
    ['remove', { remove: { products: [product] } }, 'remove_from_cart', { items: [item] }],
    [
      'checkout',
      { checkout: { actionField: { step: 1, option: 'Visa' }, products: [product] } },
      'begin_checkout',
      { checkout_step: 1, checkout_option: 'Visa', items: [item] },
    ],
    [
      'a later step',
      { checkout: { actionField: { step: '3' } } },
      'checkout_progress',
      { checkout_step: '3', items: [] },
    ],
    [
      'checkout_option',
      { checkout_option: { actionField: { step: 1, option: 'Visa' } } },
      'set_checkout_option',
      { checkout_step: 1, checkout_option: 'Visa', items: [] },
    ],
    [
      'purchase',
      {
        purchase: {
          actionField: {
            id: 'T1',
            affiliation: 'Web',
            revenue: '35.43',
            tax: '4.90',
            shipping: '5.99',
            coupon: 'SALE',
          },
          products: [product],
        },
      },
      'purchase',
      {
        transaction_id: 'T1',
        affiliation: 'Web',
        value: 35.43,
        tax: 4.9,
        shipping: 5.99,
        coupon: 'SALE',
        items: [item],
      },
    ],
    ['refund', { refund: { actionField: { id: 'T1' } } }, 'refund', { transaction_id: 'T1', items: [] }],
    [
      'promoView',
      { promoView: { promotions: [{ id: 'p', name: 'Week', creative: 'red', position: 'top' }] } },
      'view_promotion',
      { promotion_id: 'p', promotion_name: 'Week', creative_name: 'red', creative_slot: 'top' },
    ],
    ['promoClick', { promoClick: { promotions: [{ id: 'p' }] } }, 'select_promotion', { promotion_id: 'p' }],
  ])('%s has the name that GA4 gives it, with or without a trigger', (_name, ecommerce, type, props) => {
    expect(toldBy({ ecommerce })).toEqual([[type, props]]);
    expect(toldBy({ event: 'anyTrigger', ecommerce })).toEqual([[type, props]]);
  });

  it('may tell several things at once, and nothing again', () => {
    const { page, seen } = bridge({ currency: 'EUR' });
    page.dataLayer.push({ ecommerce: { detail: { products: [product] }, impressions: [{ id: 'b' }] } });
    page.dataLayer.push({ event: 'view_item' });
    expect(seen.map(([type]) => type)).toEqual(['view_item_list', 'view_item', 'view_item']);
    expect(seen[2]![1]).toEqual({});
  });

  it('is left out with its triggers where the page says all in GA4 too', () => {
    const { page, seen } = bridge({ universal: false });
    page.dataLayer.push({ event: 'addToCart', ecommerce: { add: { products: [product] } } });
    page.dataLayer.push({ event: 'add_to_cart', ecommerce: { items: [boot] } });
    expect(seen).toEqual([['add_to_cart', { items: [boot] }]]);
  });

  it('gives way to GA4 in a push that speaks both', () => {
    expect(toldBy({ event: 'view_item', ecommerce: { items: [boot], detail: { products: [product] } } })).toMatchObject(
      [['view_item', { items: [boot] }]],
    );
  });

  it.each([
    [{ add: null }],
    [{ add: { products: 'a' } }],
    [{ impressions: [null, 1] }],
    [{ promoView: { promotions: {} } }],
    ['a'],
    [[1]],
  ])('of junk %j throws nothing', (ecommerce) => {
    expect(() => toldBy({ ecommerce })).not.toThrow();
  });
});
