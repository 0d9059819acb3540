/** `p.scroll.js`: scroll depth for the tracker of `p.js`. */
import { scroll } from '../observers/scroll.ts';
import { addOn } from './add_on.ts';

addOn({ scroll });
