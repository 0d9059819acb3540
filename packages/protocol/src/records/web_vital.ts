import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { name } from './fields.ts';

/** How a page felt. Source: web-vitals, its metric names, units and ratings. */
export interface WebVitalProps {
  name: 'CLS' | 'FCP' | 'INP' | 'LCP' | 'TTFB';
  /** Milliseconds; for CLS a score without unit. */
  value: number;
  rating?: 'good' | 'needs-improvement' | 'poor' | undefined;
  /** How the page was reached, as the library says it. */
  navigation?: string | undefined;
}

const props = z.looseObject({
  name: z.enum(['CLS', 'FCP', 'INP', 'LCP', 'TTFB']),
  value: z.number().min(0),
  rating: z.enum(['good', 'needs-improvement', 'poor']).optional(),
  navigation: name.optional(),
});

same<SameFields<WebVitalProps, typeof props>>();

export const webVital = {
  type: 'web_vital',
  props,
  valid: { name: 'LCP', value: 1840, rating: 'good', navigation: 'navigate' },
  invalid: { name: 'FPS', value: 60 },
  invalidAt: 'props.name',
} as const satisfies RecordType<'web_vital', WebVitalProps>;
