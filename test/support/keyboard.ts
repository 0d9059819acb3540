import type { Page } from 'playwright-core';

/** One thing that the Tab key came to. */
export interface FocusStop {
  /** Its place in the document's order, or -1 where the focus left the page. */
  readonly index: number;
  readonly name: string;
  /** Whether it shows that it has the focus. */
  readonly isSeen: boolean;
}

/** Everything that a mouse can use, as it stands in the document. */
const USABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';

const MOST_STOPS = 200;

/** Presses Tab until the focus has gone all around, and tells where it came to from the top of the page to its end. */
export async function tabThrough(page: Page): Promise<readonly FocusStop[]> {
  const next = async (): Promise<FocusStop> => {
    await page.keyboard.press('Tab');
    return page.evaluate((selector) => {
      const focused = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return {
        index: [...document.querySelectorAll(selector)].indexOf(focused),
        name: (focused.getAttribute('aria-label') ?? focused.textContent ?? '').trim() || focused.id,
        isSeen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      };
    }, USABLE);
  };
  const untilItLeaves = async (): Promise<readonly FocusStop[]> => {
    const stops: FocusStop[] = [];
    for (let stop = await next(); stop.index !== -1; stop = await next()) {
      stops.push(stop);
      if (stops.length > MOST_STOPS) throw new Error('the Tab key never leaves the page');
    }
    return stops;
  };
  // Where the page began with the focus somewhere in it, the first round ends at its end, and the second begins at its top.
  if (await page.evaluate(() => document.activeElement !== document.body)) await untilItLeaves();
  return untilItLeaves();
}

/** The places of everything that is shown and can be used. */
export const usable = (page: Page): Promise<readonly number[]> =>
  page.evaluate(
    (selector) =>
      [...document.querySelectorAll<HTMLElement>(selector)].flatMap((element, index) =>
        element.checkVisibility() ? [index] : [],
      ),
    USABLE,
  );
