/**
 * `p.consent-mode-out.js`: tells the choice to Google's tags. Without `async`, and before them:
 *
 *     <script src="https://shop.example/p.consent-mode-out.js"></script>
 *
 * `data-name` as in `ConsentModeOutOptions`.
 */
import { consentModeOut } from '../../consent/consent_mode_out.ts';
import { addOn } from '../add_on.ts';

const { name } = (document.currentScript as HTMLScriptElement).dataset;
addOn({ consentModeOut: consentModeOut({ name }) });
