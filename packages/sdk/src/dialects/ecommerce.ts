/** An event's properties, on their way. */
export type Props = Record<string, unknown>;

/** An event that another tool's call tells. */
export type Told = [type: string, props: Props];

/** GA4's events that are about products. Source: GA4 recommended events, online sales. */
const ECOMMERCE =
  /^(view_(item(_list)?|cart|promotion)|select_(item|promotion)|add_to_(cart|wishlist)|remove_from_cart|begin_checkout|add_(shipping|payment)_info|purchase|refund)$/;

/** GA4's parameters that are numbers. */
const NUMBERS = /^(value|tax|shipping|price|discount|quantity|index)$/;

/** GA4's parameters that are texts, though shops write ids as numbers. */
const TEXTS = /(^|_)(id|name|variant|brand|category\d?|coupon|affiliation|slot|type|tier)$/;

/** How other dialects call the fields of an item. Sources: Universal Analytics enhanced e-commerce, gtag's first e-commerce, Segment v2. */
const ITEM_NAMES = new Map([
  ['id', 'item_id'],
  ['product_id', 'item_id'],
  ['name', 'item_name'],
  ['brand', 'item_brand'],
  ['variant', 'item_variant'],
  ['list', 'item_list_name'],
  ['list_name', 'item_list_name'],
  ['position', 'index'],
  ['list_position', 'index'],
]);

/** Source: GA4 e-commerce, "up to 200 elements". */
const MAX_ITEMS = 200;

/** Source: Universal Analytics, product category: "up to 5 levels of hierarchy", with `/` between them. */
const CATEGORIES = 5;

export const isObject = (value: unknown): value is Props =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether GA4 has an e-commerce event of that name. */
export const isEcommerce = (type: string): boolean => ECOMMERCE.test(type);

/** A product of another dialect under GA4's names; one that has them already is as it is. */
export const itemOf = (product: Props): Props => {
  if (product.item_id || product.item_name) return product;
  const { category, ...fields } = product;
  const item: Props = {};
  for (const [key, value] of Object.entries(fields)) {
    const name = ITEM_NAMES.get(key) ?? key;
    if (!Object.hasOwn(item, name)) item[name] = value;
  }
  if (item.sku) item.item_id ??= item.sku;
  if (category)
    `${category}`.split('/', CATEGORIES).forEach((level, index) => {
      item[`item_category${index ? index + 1 : ''}`] = level.trim();
    });
  return item;
};

/** Numbers that are written as texts as numbers, and texts that are written as numbers as texts. */
const typed = (props: Props): Props =>
  Object.fromEntries(
    Object.entries(props).map(([key, value]) => {
      if (typeof value === 'string' && NUMBERS.test(key) && value.trim() && Number.isFinite(+value))
        return [key, +value];
      return [key, typeof value === 'number' && TEXTS.test(key) ? `${value}` : value];
    }),
  );

/**
 * The properties of an e-commerce event as our records take them. Amounts and quantities written as texts, "129.90",
 * become numbers, as they do for GA4; ids written as numbers become texts; a currency is upper case; items have GA4's
 * names. What is still wrong stays, so that the collector tells where: "129,90" is no number for GA4 either. Items over
 * GA4's 200 are left out, as GA4 does.
 *
 * @param currency taken where there is a value and neither the event nor its first item names one
 */
export function ecommerceProps(props: Props, currency?: string): Props {
  const made = typed(props);
  if (Array.isArray(made.items))
    made.items = made.items.slice(0, MAX_ITEMS).map((item) => (isObject(item) ? typed(itemOf(item)) : item));
  const named = made.currency ?? (made.items as Partial<Props>[] | undefined)?.[0]?.currency;
  const said = named ?? (made.value === undefined ? undefined : currency);
  if (said) made.currency = typeof said === 'string' ? said.toUpperCase() : said;
  return made;
}
