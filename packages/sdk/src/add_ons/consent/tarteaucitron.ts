/** `p.tarteaucitron.js`: the choice by tarteaucitron, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { tarteaucitron } from '../../consent/sources/tarteaucitron.ts';
import { addOn } from '../add_on.ts';

addOn({ tarteaucitron: observeSource(tarteaucitron()) });
