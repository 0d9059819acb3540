import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';

/** How far down the page was seen, told at each mark once a page view. Source: GA4 `scroll`. */
export interface ScrollProps {
  /** 25, 50, 75 or 90. */
  percent_scrolled: number;
}

const props = z.looseObject({
  percent_scrolled: z.int().min(0).max(100),
});

same<SameFields<ScrollProps, typeof props>>();

export const scroll = {
  type: 'scroll',
  props,
  valid: { percent_scrolled: 90 },
  invalid: { percent_scrolled: 101 },
  invalidAt: 'props.percent_scrolled',
} as const satisfies RecordType<'scroll', ScrollProps>;
