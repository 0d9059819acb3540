import { createDataLayer, type DataLayerOptions, dataLayer } from '../observers/data_layer.ts';
import { observe } from './observe.ts';
import { createPage } from './page.ts';

/** A product as GA4 has it. */
export const boot = { item_id: 'SKU-1042', item_name: 'Walking boot', price: 129.9, quantity: 1 };

/** A page with a data layer, as its own code sees it. */
export interface DataLayerPage {
  dataLayer: unknown[];
  gtag: (...args: unknown[]) => void;
}

/** As Google's snippet has it: what is pushed is the function's own `arguments`. */
function gtagOf(list: () => unknown[]): DataLayerPage['gtag'] {
  return function gtag() {
    // biome-ignore lint/complexity/noArguments: that is what gtag pushes
    list().push(arguments);
  };
}

/** Starts the bridge in a page whose data layer holds `past`. */
export function bridge(options?: DataLayerOptions, past: unknown = []) {
  const page = createPage().scope() as unknown as DataLayerPage;
  page.dataLayer = past as unknown[];
  page.gtag = gtagOf(() => page.dataLayer);
  return { page, ...observe(options ? createDataLayer(options) : dataLayer, page as never) };
}

/** What one push tells. */
export const toldBy = (entry: unknown, options?: DataLayerOptions) => {
  const { page, seen, stop } = bridge(options);
  page.dataLayer.push(entry);
  stop();
  return seen;
};
