/**
 * `p.rights.js`: what visitors may ask for themselves, beside the tracker of `p.js` or `p.full.js`.
 *
 *     <script async src="https://shop.example/p.rights.js" data-site="shop" data-key="pk_demo"></script>
 *     <button onclick="parcours.rights.eraseMine().then(() => alert('Erased'), (error) => alert(error.message))">Erase my data</button>
 *
 * Wrong options are one error on the console, and `parcours.rights` is not there.
 */
import type { Exempt } from '../exempt/exempt.ts';
import { createRights, type Rights } from '../rights/rights.ts';
import { addOn } from './add_on.ts';

const { site = '', key = '' } = (document.currentScript as HTMLScriptElement).dataset;
if (!site || !key) console.error('[parcours] p.rights.js needs data-site and data-key');
else {
  const page = window as unknown as { parcours: Partial<Exempt> & { rights?: Rights } };
  const rights = createRights(
    {
      site,
      key,
      // `p.exempt.js` may come later.
      get exempt() {
        return page.parcours.object && (page.parcours as Exempt);
      },
    },
    window,
  );
  addOn({ rights });
  // Of a tag that stands twice, the first was handed over.
  page.parcours.rights ??= rights;
}
