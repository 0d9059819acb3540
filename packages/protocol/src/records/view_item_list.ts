import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { currency, id, money, name, needsCurrency } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** A list of products was shown. Source: GA4 `view_item_list`. */
export interface ViewItemListProps {
  /** ISO 4217; required with `value`. */
  currency?: string | undefined;
  /** Sum of price x quantity, without tax and shipping. */
  value?: number | undefined;
  item_list_id?: string | undefined;
  item_list_name?: string | undefined;
  items: Item[];
}

const props = z
  .looseObject({
    currency: currency.optional(),
    value: money.optional(),
    item_list_id: id.optional(),
    item_list_name: name.optional(),
    items: items,
  })
  .refine(needsCurrency.check, needsCurrency.fault);

same<SameFields<ViewItemListProps, typeof props>>();

export const viewItemList = {
  type: 'view_item_list',
  props,
  valid: { item_list_id: 'boots', item_list_name: 'Boots', items: [exampleItem] },
  invalid: { items: [{ price: 10 }] },
  invalidAt: 'props.items[0].item_id',
} as const satisfies RecordType<'view_item_list', ViewItemListProps>;
