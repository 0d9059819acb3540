/** `p.axeptio.js`: the choice by Axeptio, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { axeptio } from '../../consent/sources/axeptio.ts';
import { addOn } from '../add_on.ts';

addOn({ axeptio: observeSource(axeptio()) });
