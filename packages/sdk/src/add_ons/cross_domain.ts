/**
 * `p.cross-domain.js`: links to other domains of the shop, for the tracker of `p.js`.
 *
 *     <script async src="https://shop.example/p.cross-domain.js" data-hosts="shop.fr,shop.com"></script>
 *
 * `data-hosts` (by comma) and `data-site` as in `CrossDomainOptions`.
 */
import { createCrossDomain } from '../observers/cross_domain.ts';
import { addOn } from './add_on.ts';

const { hosts = '', site } = (document.currentScript as HTMLScriptElement).dataset;
addOn({ crossDomain: createCrossDomain({ hosts: hosts.split(/\s*,\s*/), site }) });
