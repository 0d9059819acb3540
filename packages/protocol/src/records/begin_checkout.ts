import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, money, name, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** The checkout was begun. Source: GA4 `begin_checkout`. */
export interface BeginCheckoutProps {
  /** ISO 4217; required with `value`. */
  currency?: string | undefined;
  /** Sum of price x quantity, without tax and shipping. */
  value?: number | undefined;
  /** Coupon of the whole order; items may carry their own. */
  coupon?: string | undefined;
  items: Item[];
}

const props = z
  .looseObject({
    currency: currency.optional(),
    value: money.optional(),
    coupon: name.optional(),
    items: items,
  })
  .refine(needsCurrency.check, needsCurrency.fault);

same<SameFields<BeginCheckoutProps, typeof props>>();

export const beginCheckout = {
  type: 'begin_checkout',
  props,
  valid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { currency: 'EUR', value: 129.9 },
  invalidAt: 'props.items',
} as const satisfies RecordType<'begin_checkout', BeginCheckoutProps>;
