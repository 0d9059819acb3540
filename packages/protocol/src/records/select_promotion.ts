import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { id, name } from './fields.ts';
import { exampleItem, type Item, items } from './item.ts';

/** A promotion was chosen. Source: GA4 `select_promotion`. */
export interface SelectPromotionProps {
  creative_name?: string | undefined;
  creative_slot?: string | undefined;
  promotion_id?: string | undefined;
  promotion_name?: string | undefined;
  items?: Item[] | undefined;
}

const props = z.looseObject({
  creative_name: name.optional(),
  creative_slot: name.optional(),
  promotion_id: id.optional(),
  promotion_name: name.optional(),
  items: items.optional(),
});

same<SameFields<SelectPromotionProps, typeof props>>();

export const selectPromotion = {
  type: 'select_promotion',
  props,
  valid: { promotion_id: 'autumn', promotion_name: 'Autumn week', items: [exampleItem] },
  invalid: { promotion_id: 7 },
  invalidAt: 'props.promotion_id',
} as const satisfies RecordType<'select_promotion', SelectPromotionProps>;
