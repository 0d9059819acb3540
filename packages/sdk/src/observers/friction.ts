import { deadClicks } from './dead_clicks.ts';
import { errorClicks } from './error_clicks.ts';
import type { Observer } from './observer.ts';
import { quickBack } from './quick_back.ts';
import { rageClicks } from './rage_clicks.ts';

/** All signs of friction, each by its default rule: rage, dead and error clicks, and quick returns. */
export const friction: Observer = (context) => {
  for (const observe of [rageClicks, deadClicks, errorClicks, quickBack]) observe(context);
};
