import { z } from 'zod';
import { type SameFields, same } from './define.ts';
import { id, money, name } from './fields.ts';

/**
 * One product of an e-commerce event.
 * Source: GA4 e-commerce reference, items parameter. `item_id` or `item_name` is required.
 */
export interface Item {
  item_id?: string | undefined;
  item_name?: string | undefined;
  /** Supplier or physical store. */
  affiliation?: string | undefined;
  coupon?: string | undefined;
  creative_name?: string | undefined;
  creative_slot?: string | undefined;
  /** Discount per unit, in the event's currency. */
  discount?: number | undefined;
  /** Position in a list. */
  index?: number | undefined;
  item_brand?: string | undefined;
  item_category?: string | undefined;
  item_category2?: string | undefined;
  item_category3?: string | undefined;
  item_category4?: string | undefined;
  item_category5?: string | undefined;
  item_list_id?: string | undefined;
  item_list_name?: string | undefined;
  item_variant?: string | undefined;
  /** Place id of a physical location. */
  location_id?: string | undefined;
  /** Price per unit after discount, in the event's currency. */
  price?: number | undefined;
  promotion_id?: string | undefined;
  promotion_name?: string | undefined;
  /** Units; 1 if absent. */
  quantity?: number | undefined;
}

export const item = z
  .looseObject({
    item_id: id.optional(),
    item_name: name.optional(),
    affiliation: name.optional(),
    coupon: name.optional(),
    creative_name: name.optional(),
    creative_slot: name.optional(),
    discount: money.optional(),
    index: z.int().min(0).optional(),
    item_brand: name.optional(),
    item_category: name.optional(),
    item_category2: name.optional(),
    item_category3: name.optional(),
    item_category4: name.optional(),
    item_category5: name.optional(),
    item_list_id: id.optional(),
    item_list_name: name.optional(),
    item_variant: name.optional(),
    location_id: id.optional(),
    price: money.optional(),
    promotion_id: id.optional(),
    promotion_name: name.optional(),
    quantity: z.number().min(0).max(1_000_000).optional(),
  })
  .refine(({ item_id, item_name }) => item_id !== undefined || item_name !== undefined, {
    message: 'item_id or item_name is required',
    path: ['item_id'],
  });

same<SameFields<Item, typeof item>>();

/** GA4's limit is 200 items; ours is the wire's key limit, which is wider. */
export const items = z.array(item);

/** The product that the examples of every e-commerce record share. */
export const exampleItem: Item = {
  item_id: 'SKU-1042',
  item_name: 'Walking boot',
  item_brand: 'Cairn',
  item_category: 'Shoes',
  item_variant: '42',
  price: 129.9,
  quantity: 1,
};
