/** `p.engagement.js`: engagement time for the tracker of `p.js`. */
import { engagement } from '../observers/engagement.ts';
import { addOn } from './add_on.ts';

addOn({ engagement });
