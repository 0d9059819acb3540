import { ecommerceProps, isObject, itemOf, type Props, type Told } from './ecommerce.ts';
import { plain } from './plain.ts';
import { typeName } from './type_name.ts';

/** Properties that Segment has under other names than GA4, for an event. */
type Names = Readonly<Record<string, string>>;

interface Rule {
  readonly type: string;
  readonly names?: Names;
  /** The event is about products: `products`, or the one whose fields the properties are. */
  readonly hasItems?: true;
}

const items = { hasItems: true } as const;
const promotion: Names = { name: 'promotion_name', creative: 'creative_name', position: 'creative_slot' };
const checkout: Names = { payment_method: 'payment_type', shipping_method: 'shipping_tier' };
const order: Names = { order_id: 'transaction_id' };
const list: Names = { list_id: 'item_list_id', category: 'item_list_name' };

/**
 * Segment's e-commerce events by their names as `typeName` writes them, the aliases of its version 1 among them.
 * Source: Segment, e-commerce events, version 2.
 */
const RULES = new Map<string, Rule>([
  ['products_searched', { type: 'search', names: { query: 'search_term' } }],
  ['product_list_viewed', { type: 'view_item_list', names: list, ...items }],
  ['viewed_product_category', { type: 'view_item_list', names: list, ...items }],
  ['promotion_viewed', { type: 'view_promotion', names: promotion }],
  ['viewed_promotion', { type: 'view_promotion', names: promotion }],
  ['promotion_clicked', { type: 'select_promotion', names: promotion }],
  ['clicked_promotion', { type: 'select_promotion', names: promotion }],
  ['product_clicked', { type: 'select_item', ...items }],
  ['clicked_product', { type: 'select_item', ...items }],
  ['product_viewed', { type: 'view_item', ...items }],
  ['viewed_product', { type: 'view_item', ...items }],
  ['product_added', { type: 'add_to_cart', ...items }],
  ['added_product', { type: 'add_to_cart', ...items }],
  ['wishlist_product_added_to_cart', { type: 'add_to_cart', ...items }],
  ['product_removed', { type: 'remove_from_cart', ...items }],
  ['removed_product', { type: 'remove_from_cart', ...items }],
  ['product_added_to_wishlist', { type: 'add_to_wishlist', ...items }],
  ['cart_viewed', { type: 'view_cart', ...items }],
  ['checkout_started', { type: 'begin_checkout', ...items }],
  ['started_order', { type: 'begin_checkout', ...items }],
  ['payment_info_entered', { type: 'add_payment_info', names: checkout, ...items }],
  ['order_completed', { type: 'purchase', names: order, ...items }],
  ['completed_order', { type: 'purchase', names: order, ...items }],
  ['order_refunded', { type: 'refund', names: order, ...items }],
]);

/** What Segment knows of a product; all else is of the event. */
const PRODUCT = /^(product_id|sku|category|name|brand|variant|price|quantity|coupon|position)$/;

/** Addresses of a product and its picture: what they name is in its id. */
const ADDRESS = /^(image_)?url$/;

/**
 * A Segment call as our event: `['add_to_cart', {…}]` for `Product Added` and its properties.
 *
 *     tracker.track(...fromSegment('Product Added', { product_id: 'SKU-1042', price: 129.9, quantity: 1 }));
 *
 * E-commerce events of version 2 get GA4's names and properties. `value` is GA4's, without tax and shipping: `revenue`,
 * else `subtotal`, else what `total` or `value` leaves without `tax` and `shipping`; where Segment says none of them there
 * is none. Events that GA4 has no name for (`Coupon Applied`, `Order Cancelled`) and the shop's own keep their properties
 * and get a name that the wire takes, `coupon_applied`. Keys that tell a person are left out, as `plain` does.
 *
 * @param currency ISO 4217, where Segment names none beside a value
 */
export function fromSegment(name: string, properties?: unknown, currency?: string): Told {
  const known = typeName(`${name}`);
  const rule = RULES.get(known);
  const props = plain(properties);
  if (!rule) return [known, props];
  const { type, names = {}, hasItems } = rule;
  const made = hasItems ? withItems(props, names) : renamed(props, names);
  return [type, ecommerceProps(made, currency)];
}

function withItems(props: Props, names: Names): Props {
  const { products, revenue, subtotal, total, value, ...rest } = props;
  const isOne = !Array.isArray(products) && Boolean(rest.product_id || rest.sku || rest.name);
  const event: Props = {};
  const product: Props = {};
  for (const [key, part] of Object.entries(rest)) {
    const isOfProduct = isOne && (PRODUCT.test(key) || ADDRESS.test(key));
    (isOfProduct ? product : event)[key] = part;
  }
  const listed: readonly unknown[] = isOne ? [product] : Array.isArray(products) ? products : [];
  const amount = revenue ?? subtotal ?? net(total ?? value, rest);
  return {
    ...renamed(event, names),
    ...(amount !== undefined && { value: amount }),
    items: listed.map((item) => (isObject(item) ? withoutAddress(itemOf(item)) : item)),
  };
}

const renamed = (props: Props, names: Names): Props =>
  Object.fromEntries(
    Object.entries(props).map(([key, value]) => [Object.hasOwn(names, key) ? names[key] : key, value]),
  );

const withoutAddress = (item: Props): Props =>
  Object.fromEntries(Object.entries(item).filter(([key]) => !ADDRESS.test(key)));

/** An amount without tax and shipping, to a millionth: sums of decimals leave crumbs. What is no number stays. */
const net = (amount: unknown, { tax = 0, shipping = 0 }: Props): unknown => {
  const left = Number(amount) - Number(tax) - Number(shipping);
  return amount === undefined || Number.isNaN(left) ? amount : Math.round(left * 1e6) / 1e6;
};
