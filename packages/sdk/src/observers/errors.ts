import type { Observer } from './observer.ts';
import { onUncaught } from './uncaught.ts';

/** A page that fails in a loop tells nothing new after these. */
const MAX_PER_PAGE = 10;

/**
 * Errors and rejections that the page did not catch, as `error`: each message once on a page, ten at most. A page lasts
 * until the path changes. Of a script of another origin, unless it was fetched with CORS, browsers say `Script error.`.
 */
export const errors: Observer = (context) => {
  const { track, scope } = context;
  const told = new Set<string>();
  let path: string | undefined;

  onUncaught(context, (fault) => {
    if (path !== scope.location?.pathname) told.clear();
    path = scope.location?.pathname;
    if (told.size === MAX_PER_PAGE || told.has(fault.message)) return;
    told.add(fault.message);
    track('error', { ...fault });
  });
};
