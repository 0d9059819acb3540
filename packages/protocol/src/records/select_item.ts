import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { id, name } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** A product was chosen from a list. Source: GA4 `select_item`. */
export interface SelectItemProps {
  item_list_id?: string | undefined;
  item_list_name?: string | undefined;
  items: Item[];
}

const props = z.looseObject({
  item_list_id: id.optional(),
  item_list_name: name.optional(),
  items: items,
});

same<SameFields<SelectItemProps, typeof props>>();

export const selectItem = {
  type: 'select_item',
  props,
  valid: { item_list_id: 'boots', items: [exampleItem] },
  invalid: { items: 'SKU-1042' },
  invalidAt: 'props.items',
} as const satisfies RecordType<'select_item', SelectItemProps>;
