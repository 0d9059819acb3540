import type { Listen } from '../scope.ts';

/**
 * Gives a `listen` for what happens anywhere in the page: on the way down, before the page's own listeners, which may
 * stop an event or take its element away; passive; until the signal. What an observer trips over in a page's markup
 * (a form field called `matches`, an object that cannot become a text) is lost and never reaches the page.
 */
export const captureUntil =
  (signal: AbortSignal): Listen =>
  (target, type, heard) =>
    target?.addEventListener?.(
      type,
      (event) => {
        try {
          heard(event as Parameters<typeof heard>[0]);
        } catch {
          // As if it had not happened.
        }
      },
      { signal, capture: true, passive: true },
    );
