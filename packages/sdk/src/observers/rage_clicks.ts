import { captureUntil } from './capture.ts';
import { clickableOf, FIELDS } from './clickable.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';

/** What counts as rage. Source of the defaults: PostHog. */
export interface RageClickOptions {
  /** Clicks of a burst. Default: 3. */
  readonly clicks?: number | undefined;
  /** Each less than so many ms after the one before. Default: 1,000. */
  readonly withinMs?: number | undefined;
  /** Each less than so many CSS pixels from the one before, dx + dy. Default: 30. */
  readonly withinPx?: number | undefined;
}

/** Clicked quickly in good spirits. Source of the carousel: ARIA Authoring Practices. */
const STEPS = `${FIELDS},[role=spinbutton],[role=slider],[aria-roledescription=carousel],[data-pc-steps]`;

/** The number that the buttons beside it step up and down. */
const STEPPED = ':scope > :is([type=number],[role=spinbutton],[inputmode=numeric])';

/**
 * Bursts of clicks in one spot, as one `rage_click` each, told with their count when the burst has ended or the page is
 * hidden. Left out: steppers (fields, a `button` beside a number, what bears or is within `data-pc-steps`), carousels,
 * clicks that select text, and the keyboard, which repeats a key that is held.
 */
export const createRageClicks =
  ({ clicks = 3, withinMs = 1_000, withinPx = 30 }: RageClickOptions = {}): Observer =>
  ({ track, scope, signal }) => {
    const { document } = scope;
    const listen = captureUntil(signal);
    let burst: { readonly element: string; count: number } | undefined;
    let last: MouseEvent | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const end = (): void => {
      clearTimeout(timer);
      if (burst && burst.count >= clicks && !signal.aborted) track('rage_click', { ...burst });
      burst = undefined;
    };

    listen<MouseEvent>(document, 'click', (event) => {
      const elements = elementsOf(event);
      const path = clickableOf(elements);
      if (!elements[0] || !event.detail || elements.some((element) => element.matches(STEPS))) return;
      if (path[0] ? isStepper(path[0]) : document!.getSelection()?.type === 'Range') return;
      const isNext =
        last &&
        event.timeStamp - last.timeStamp < withinMs &&
        Math.abs(event.clientX - last.clientX) + Math.abs(event.clientY - last.clientY) < withinPx;
      last = event;
      if (!isNext) end();
      burst ??= { element: elementPath(path[0] ? path : elements), count: 0 };
      burst.count++;
      clearTimeout(timer);
      timer = setTimeout(end, withinMs);
    });
    listen(document, 'visibilitychange', () => document!.hidden && end());
    listen(scope, 'pagehide', end);
    signal.addEventListener('abort', end);
  };

/** Rage clicks by PostHog's rule. */
export const rageClicks: Observer = (context) => createRageClicks()(context);

/** A submit beside a number sends the form: it steps nothing. */
const isStepper = (element: Element): boolean =>
  !((element as HTMLButtonElement).form && (element as HTMLButtonElement).type === 'submit') &&
  !!element.parentElement?.querySelector(STEPPED);
