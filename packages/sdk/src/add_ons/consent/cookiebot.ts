/** `p.cookiebot.js`: the choice by Cookiebot, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { cookiebot } from '../../consent/sources/cookiebot.ts';
import { addOn } from '../add_on.ts';

addOn({ cookiebot: observeSource(cookiebot()) });
