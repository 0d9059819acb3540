/** `p.shopify.js`: the choice by Shopify's Customer Privacy API, for the tracker of `p.js`. */
import { observeSource } from '../../consent/observe_source.ts';
import { shopify } from '../../consent/sources/shopify.ts';
import { addOn } from '../add_on.ts';

addOn({ shopify: observeSource(shopify()) });
