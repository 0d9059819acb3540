import { addPaymentInfo } from './add_payment_info.ts';
import { addShippingInfo } from './add_shipping_info.ts';
import { addToCart } from './add_to_cart.ts';
import { addToWishlist } from './add_to_wishlist.ts';
import { beginCheckout } from './begin_checkout.ts';
import { click } from './click.ts';
import { crossDomain } from './cross_domain.ts';
import { deadClick } from './dead_click.ts';
import type { RecordType } from './define.ts';
import { engagement } from './engagement.ts';
import { error } from './error.ts';
import { errorClick } from './error_click.ts';
import { formAbandon } from './form_abandon.ts';
import { formStart } from './form_start.ts';
import { formSubmit } from './form_submit.ts';
import { pageView } from './page_view.ts';
import { purchase } from './purchase.ts';
import { quickBack } from './quick_back.ts';
import { rageClick } from './rage_click.ts';
import { refund } from './refund.ts';
import { removeFromCart } from './remove_from_cart.ts';
import { scroll } from './scroll.ts';
import { search } from './search.ts';
import { selectItem } from './select_item.ts';
import { selectPromotion } from './select_promotion.ts';
import { touchpoint } from './touchpoint.ts';
import { viewCart } from './view_cart.ts';
import { viewItem } from './view_item.ts';
import { viewItemList } from './view_item_list.ts';
import { viewPromotion } from './view_promotion.ts';
import { webVital } from './web_vital.ts';

/** Every record type that has a schema of its own. A new one is its file and its line here. */
export const RECORDS = [
  pageView,
  viewItemList,
  selectItem,
  viewItem,
  addToWishlist,
  addToCart,
  removeFromCart,
  viewCart,
  beginCheckout,
  addShippingInfo,
  addPaymentInfo,
  purchase,
  refund,
  viewPromotion,
  selectPromotion,
  search,
  click,
  touchpoint,
  crossDomain,
  webVital,
  scroll,
  engagement,
  formStart,
  formSubmit,
  formAbandon,
  rageClick,
  deadClick,
  errorClick,
  quickBack,
  error,
] as const satisfies readonly RecordType[];

type PropsOf<R> = R extends RecordType<string, infer Props> ? Props : never;

/** The standard events and their properties: what `track` accepts, by name. */
export type EventMap = { [R in (typeof RECORDS)[number] as R['type']]: PropsOf<R> };

export type { Item } from './item.ts';
