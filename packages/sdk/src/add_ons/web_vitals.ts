/** `p.web-vitals.js`: web vitals for the tracker of `p.js`. */
import { webVitals } from '../observers/web_vitals.ts';
import { addOn } from './add_on.ts';

addOn({ webVitals });
