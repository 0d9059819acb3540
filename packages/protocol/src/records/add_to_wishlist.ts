import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, money, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** A product was put on a wish list. Source: GA4 `add_to_wishlist`. */
export interface AddToWishlistProps {
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

same<SameFields<AddToWishlistProps, typeof props>>();

export const addToWishlist = {
  type: 'add_to_wishlist',
  props,
  valid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { currency: 'EUR', value: 129.9 },
  invalidAt: 'props.items',
} as const satisfies RecordType<'add_to_wishlist', AddToWishlistProps>;
