/** `p.gpp.js`: the choice by IAB's Global Privacy Platform, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { gpp } from '../../consent/sources/gpp.ts';
import { addOn } from '../add_on.ts';

addOn({ gpp: observeSource(gpp()) });
