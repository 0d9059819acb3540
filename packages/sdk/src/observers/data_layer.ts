import { ecommerceProps, isEcommerce, type Props, type Told } from '../dialects/ecommerce.ts';
import { plain } from '../dialects/plain.ts';
import { typeName } from '../dialects/type_name.ts';
import { fromUniversal } from '../dialects/universal.ts';
import type { Observer } from './observer.ts';
import { onPush } from './pushes.ts';

/** An event that the data layer tells, as it would be recorded. */
export interface DataLayerEvent {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
}

export interface DataLayerOptions {
  /** Name of the list in the page. Default: `dataLayer`. */
  readonly name?: string | undefined;
  /** ISO 4217, for events that have a value and name no currency. Default: none, and such events fail. */
  readonly currency?: string | undefined;
  /** Read Universal Analytics too. Default: true; false where the page pushes each step in both dialects. */
  readonly universal?: boolean | undefined;
  /** Count `page_view` pushes: then leave the observer of page views out. Default: false, and they are ignored. */
  readonly pageViews?: boolean | undefined;
  /** Sees each event last: returns it, changed or not, or nothing to let it go, as does what throws. */
  readonly map?: ((event: DataLayerEvent) => DataLayerEvent | null | undefined) | undefined;
}

/**
 * What Tag Manager and gtag say to themselves, and GA4's automatic events, which our own observers tell.
 * Source: GA4, automatically collected events, enhanced measurement.
 */
const IGNORED = /^((gtm|gtag)\.|(scroll|click|form_start|form_submit|user_engagement|first_visit|session_start)$)/;

/** Keys of a push or of gtag's parameters that steer tags, or repeat the address with its whole query. */
const CONTROL =
  /^(gtm(\..*)?|event(_callback|_timeout|_model)?|ecommerce|send_to|groups|transport_type|page_(location|referrer|path|url))$/;

/**
 * Bridges the page's data layer: GA4 e-commerce pushes, `gtag('event', …)` and the shop's own events become our records
 * under their own names and properties, those of Universal Analytics under GA4's. Past pushes count too.
 *
 *     dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', value: 129.9, items: [{ item_id: 'SKU-1042' }] } });
 *
 * As in Tag Manager, an `ecommerce` object lasts: an e-commerce event that brings none has the last one pushed, until
 * `{ ecommerce: null }`. Amounts written as texts become numbers. Left out are functions, elements, cycles, what steers
 * tags, and keys that tell a person. Events that a record's schema refuses are sent all the same, and kept as failed by
 * the collector with what is wrong.
 */
export const createDataLayer =
  ({ name = 'dataLayer', currency, universal = true, pageViews, map }: DataLayerOptions = {}): Observer =>
  (context) => {
    /** The last `ecommerce` that was pushed. */
    let lasting: Props = {};

    const record = ([type, props]: Told): void => {
      const event = { type, props: isEcommerce(type) ? ecommerceProps(props, currency) : props };
      const wanted = map ? map(event) : event;
      if (wanted) context.track(wanted.type, wanted.props);
    };

    /** An event by its name. A view's address and title are the page's own. */
    const named = (said: unknown, props: Props): void => {
      if (typeof said !== 'string' || IGNORED.test(said)) return;
      const type = typeName(said);
      if (type && (type !== 'page_view' || pageViews)) record([type, props]);
    };

    const heard = (entry: object): void => {
      // gtag pushes its own `arguments`; Tag Manager takes an array for something else.
      if (Object.prototype.toString.call(entry) === '[object Arguments]') {
        const [command, said, params] = entry as ArrayLike<unknown> & Iterable<unknown>;
        if (command === 'event') named(said, plain(params, CONTROL));
        return;
      }
      const { event, ecommerce, eventModel } = entry as Props;
      // What gtag makes of its own call, once more.
      if (typeof entry === 'function' || Array.isArray(entry) || eventModel) return;
      if (ecommerce !== undefined) lasting = plain(ecommerce);
      const told = ecommerce && !lasting.items ? fromUniversal(lasting) : [];
      if (told.length) {
        lasting = {};
        if (universal) told.forEach(record);
        return;
      }
      const props = plain(entry, CONTROL);
      const isLacking = isEcommerce(`${event}`) && !props.items;
      named(event, ecommerce || isLacking ? { ...props, ...lasting } : props);
    };

    onPush(context, name, { heard, isMade: true });
  };

/** The data layer `dataLayer`, with nothing set. */
export const dataLayer: Observer = createDataLayer();
