/** `p.klaro.js`: the choice by Klaro, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { klaro } from '../../consent/sources/klaro.ts';
import { addOn } from '../add_on.ts';

addOn({ klaro: observeSource(klaro()) });
