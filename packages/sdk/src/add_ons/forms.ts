/** `p.forms.js`: forms for the tracker of `p.js`. */
import { forms } from '../observers/forms.ts';
import { addOn } from './add_on.ts';

addOn({ forms });
