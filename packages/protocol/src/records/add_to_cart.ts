import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, money, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** A product was put into the cart. Source: GA4 `add_to_cart`. */
export interface AddToCartProps {
  /** ISO 4217; required with `value`. */
  currency?: string | undefined;
  /** Sum of price x quantity, without tax and shipping. */
  value?: number | undefined;
  items: Item[];
}

const props = z
  .looseObject({
    currency: currency.optional(),
    value: money.optional(),
    items: items,
  })
  .refine(needsCurrency.check, needsCurrency.fault);

same<SameFields<AddToCartProps, typeof props>>();

export const addToCart = {
  type: 'add_to_cart',
  props,
  valid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { currency: 'EUR', value: 129.9, items: [{ item_id: 'SKU-1042', price: '129.90' }] },
  invalidAt: 'props.items[0].price',
} as const satisfies RecordType<'add_to_cart', AddToCartProps>;
