import { isObject, itemOf, type Props, type Told } from './ecommerce.ts';

/** Enhanced e-commerce's actions, and GA4's events for them. Source: Google, "migrate e-commerce data collection from Universal Analytics". */
const ACTIONS = [
  ['click', 'select_item'],
  ['detail', 'view_item'],
  ['add', 'add_to_cart'],
  ['remove', 'remove_from_cart'],
  ['checkout', 'begin_checkout'],
  ['checkout_option', 'set_checkout_option'],
  ['purchase', 'purchase'],
  ['refund', 'refund'],
] as const;

const PROMOTIONS = [
  ['promoView', 'view_promotion'],
  ['promoClick', 'select_promotion'],
] as const;

/**
 * The events that an `ecommerce` object of Universal Analytics tells, one for each action in it and one for each
 * promotion; none where it is none of those.
 *
 * `checkout` is `begin_checkout` at step 1 or without a step; later steps, which mean something else in each shop, are
 * `checkout_progress`, and `checkout_option` is `set_checkout_option`, as gtag called them. `revenue` becomes `value` as
 * it is: whether it holds tax and shipping was the shop's choice, and is not written in it.
 */
export function fromUniversal(ecommerce: Props): Told[] {
  const { currencyCode: currency, impressions } = ecommerce;
  const told: Told[] = [];
  if (Array.isArray(impressions)) {
    const items = itemsOf(impressions);
    told.push(['view_item_list', some({ currency, item_list_name: items[0]?.item_list_name, items })]);
  }
  for (const [action, type] of ACTIONS) {
    const data = ecommerce[action];
    if (!isObject(data)) continue;
    const { id, revenue, list, step, option, ...rest } = isObject(data.actionField) ? data.actionField : {};
    const isLater = action === 'checkout' && Number(step) > 1;
    told.push([
      isLater ? 'checkout_progress' : type,
      some({
        ...rest,
        currency,
        transaction_id: id,
        value: revenue,
        item_list_name: list,
        checkout_step: step,
        checkout_option: option,
        items: itemsOf(data.products),
      }),
    ]);
  }
  for (const [action, type] of PROMOTIONS) {
    const data = ecommerce[action];
    const promotions = isObject(data) ? data.promotions : [];
    for (const { id, name, creative, position } of Array.isArray(promotions) ? promotions.filter(isObject) : [])
      told.push([
        type,
        some({ promotion_id: id, promotion_name: name, creative_name: creative, creative_slot: position }),
      ]);
  }
  return told;
}

const itemsOf = (products: unknown): Props[] => (Array.isArray(products) ? products.filter(isObject).map(itemOf) : []);

/** Without what is not known. */
const some = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
