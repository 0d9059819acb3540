import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, id, money, name } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** An order was refunded, whole or in part. Source: GA4 `refund`. */
export interface RefundProps {
  /** ISO 4217. */
  currency: string;
  /** Amount refunded. */
  value: number;
  /** The order's id in the shop: the same from browser and server, counted once. */
  transaction_id: string;
  /** Coupon of the whole order; items may carry their own. */
  coupon?: string | undefined;
  shipping?: number | undefined;
  tax?: number | undefined;
  /** What was refunded; the whole order if absent. */
  items?: Item[] | undefined;
}

const props = z.looseObject({
  currency,
  value: money,
  transaction_id: id,
  coupon: name.optional(),
  shipping: money.optional(),
  tax: money.optional(),
  items: items.optional(),
});

same<SameFields<RefundProps, typeof props>>();

export const refund = {
  type: 'refund',
  props,
  valid: { transaction_id: 'W-2026-0001', currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { transaction_id: 'W-2026-0001', currency: 'EUR', value: '129.90' },
  invalidAt: 'props.value',
} as const satisfies RecordType<'refund', RefundProps>;
