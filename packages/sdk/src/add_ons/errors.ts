/** `p.errors.js`: script errors for the tracker of `p.js`. */
import { errors } from '../observers/errors.ts';
import { addOn } from './add_on.ts';

addOn({ errors });
