import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, money, name, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** The way of delivery was chosen. Source: GA4 `add_shipping_info`. */
export interface AddShippingInfoProps {
  /** ISO 4217; required with `value`. */
  currency?: string | undefined;
  /** Sum of price x quantity, without tax and shipping. */
  value?: number | undefined;
  /** Coupon of the whole order; items may carry their own. */
  coupon?: string | undefined;
  /** Such as `Home` or `Store pickup`. */
  shipping_tier?: string | undefined;
  items: Item[];
}

const props = z
  .looseObject({
    currency: currency.optional(),
    value: money.optional(),
    coupon: name.optional(),
    shipping_tier: name.optional(),
    items: items,
  })
  .refine(needsCurrency.check, needsCurrency.fault);

same<SameFields<AddShippingInfoProps, typeof props>>();

export const addShippingInfo = {
  type: 'add_shipping_info',
  props,
  valid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { currency: 'EUR', value: 129.9 },
  invalidAt: 'props.items',
} as const satisfies RecordType<'add_shipping_info', AddShippingInfoProps>;
