/**
 * `p.exempt.js`: measurement that is exempt from consent, beside the tracker of `p.js`, where the site's policy has the preset.
 *
 *     <script async src="https://shop.example/p.exempt.js" data-site="shop" data-key="pk_demo"></script>
 *     <a href="#" onclick="parcours.object(); return false">Object to the measuring of audience</a>
 *
 * Wrong options are one error on the console, and nothing is measured.
 */
import { createExempt } from '../exempt/exempt.ts';
import { addOn } from './add_on.ts';

const { site = '', key = '' } = (document.currentScript as HTMLScriptElement).dataset;
if (!site || !key) console.error('[parcours] p.exempt.js needs data-site and data-key');
else {
  const exempt = createExempt({ site, key }, window);
  addOn({ exempt });
  Object.assign((window as unknown as { parcours: object }).parcours, { object: exempt.object });
}
