import { captureUntil } from './capture.ts';
import { clickableOf } from './clickable.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';
import { onUncaught } from './uncaught.ts';

/** How long after a click an error is put down to it. Source: Datadog's error click, "just before a script error". */
const WITHIN_MS = 1_000;

/** Clicks right before an error that the page did not catch, as `error_click`: once a click, with the first error. */
export const errorClicks: Observer = (context) => {
  const { track, scope, signal } = context;
  let last: { readonly element: string; readonly at: number } | undefined;

  captureUntil(signal)(scope.document, 'click', (event) => {
    const elements = elementsOf(event);
    const path = clickableOf(elements);
    last = elements[0] && { element: elementPath(path[0] ? path : elements), at: event.timeStamp };
  });
  onUncaught(context, ({ message }) => {
    if (last && performance.now() - last.at < WITHIN_MS) track('error_click', { element: last.element, message });
    last = undefined;
  });
};
