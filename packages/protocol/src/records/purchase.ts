import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, id, money, name } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** An order was placed. Source: GA4 `purchase`. */
export interface PurchaseProps {
  /** ISO 4217. */
  currency: string;
  /** Sum of price x quantity, without tax and shipping. */
  value: number;
  /** The order's id in the shop: the same from browser and server, counted once. */
  transaction_id: string;
  /** Coupon of the whole order; items may carry their own. */
  coupon?: string | undefined;
  shipping?: number | undefined;
  tax?: number | undefined;
  items: Item[];
}

const props = z.looseObject({
  currency,
  value: money,
  transaction_id: id,
  coupon: name.optional(),
  shipping: money.optional(),
  tax: money.optional(),
  items: items,
});

same<SameFields<PurchaseProps, typeof props>>();

export const purchase = {
  type: 'purchase',
  props,
  valid: {
    transaction_id: 'W-2026-0001',
    currency: 'EUR',
    value: 129.9,
    shipping: 4.9,
    tax: 21.65,
    items: [exampleItem],
  },
  invalid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalidAt: 'props.transaction_id',
} as const satisfies RecordType<'purchase', PurchaseProps>;
