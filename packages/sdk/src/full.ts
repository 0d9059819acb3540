/**
 * `p.full.js`: `p.js` and every observer that needs no settings, in one tag. Where the page tells its e-commerce both by
 * `parcours.track` and by `dataLayer`, take `p.js` and single add-ons, or each step is told twice.
 */
import './snippet.ts';
import { addOn } from './add_ons/add_on.ts';
import { dataLayer } from './observers/data_layer.ts';
import { engagement } from './observers/engagement.ts';
import { errors } from './observers/errors.ts';
import { forms } from './observers/forms.ts';
import { friction } from './observers/friction.ts';
import { scroll } from './observers/scroll.ts';
import { webVitals } from './observers/web_vitals.ts';

addOn({ scroll, engagement, forms, friction, errors, webVitals, dataLayer });
