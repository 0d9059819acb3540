import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, money, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** The cart was seen. Source: GA4 `view_cart`. */
export interface ViewCartProps {
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

same<SameFields<ViewCartProps, typeof props>>();

export const viewCart = {
  type: 'view_cart',
  props,
  valid: { currency: 'EUR', value: 129.9, items: [exampleItem] },
  invalid: { currency: 'euro', value: 1, items: [exampleItem] },
  invalidAt: 'props.currency',
} as const satisfies RecordType<'view_cart', ViewCartProps>;
