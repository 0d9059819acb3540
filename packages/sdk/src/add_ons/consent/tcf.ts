/**
 * `p.tcf.js`: the choice by IAB's TCF, for the tracker of `p.js`.
 *
 *     <script async src="https://shop.example/p.tcf.js" data-vendor-id="755"></script>
 *
 * `data-vendor-id` as in `TcfOptions`. One that is no number is a vendor to whom nobody has consented.
 */
import { observeSource } from '../../consent/observe_source.ts';
import { tcf } from '../../consent/sources/tcf.ts';
import { addOn } from '../add_on.ts';

const { vendorId } = (document.currentScript as HTMLScriptElement).dataset;
addOn({ tcf: observeSource(tcf({ vendorId: vendorId === undefined ? undefined : +vendorId })) });
