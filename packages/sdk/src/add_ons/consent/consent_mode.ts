/**
 * `p.consent-mode.js`: the choice by Google Consent Mode, for the tracker of `p.js`.
 *
 *     <script async src="https://shop.example/p.consent-mode.js"></script>
 *
 * `data-name` as in `ConsentModeOptions`.
 */
import { observeSource } from '../../consent/observe_source.ts';
import { consentMode } from '../../consent/sources/consent_mode.ts';
import { addOn } from '../add_on.ts';

const { name } = (document.currentScript as HTMLScriptElement).dataset;
addOn({ consentMode: observeSource(consentMode({ name })) });
