/** `p.friction.js`: friction for the tracker of `p.js`. */
import { friction } from '../observers/friction.ts';
import { addOn } from './add_on.ts';

addOn({ friction });
