/** `p.didomi.js`: the choice by Didomi, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { didomi } from '../../consent/sources/didomi.ts';
import { addOn } from '../add_on.ts';

addOn({ didomi: observeSource(didomi()) });
