/** `p.vanilla-cookieconsent.js`: the choice by vanilla-cookieconsent, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { vanillaCookieconsent } from '../../consent/sources/vanilla_cookieconsent.ts';
import { addOn } from '../add_on.ts';

addOn({ vanillaCookieconsent: observeSource(vanillaCookieconsent()) });
