/** `p.sirdata.js`: the choice by Sirdata, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { sirdata } from '../../consent/sources/sirdata.ts';
import { addOn } from '../add_on.ts';

addOn({ sirdata: observeSource(sirdata()) });
