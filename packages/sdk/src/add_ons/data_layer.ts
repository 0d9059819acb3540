/** `p.data-layer.js`: the `dataLayer` bridge for the tracker of `p.js`. */
import { dataLayer } from '../observers/data_layer.ts';
import { addOn } from './add_on.ts';

addOn({ dataLayer });
