/** `p.onetrust.js`: the choice by OneTrust, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { onetrust } from '../../consent/sources/onetrust.ts';
import { addOn } from '../add_on.ts';

addOn({ onetrust: observeSource(onetrust()) });
