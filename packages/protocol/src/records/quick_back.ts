import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration } from './fields.ts';

/** A page was left for the one before within seconds. Source: Clarity. */
export interface QuickBackProps {
  /** Time on the page. */
  dwell_ms: number;
}

const props = z.looseObject({
  dwell_ms: duration,
});

same<SameFields<QuickBackProps, typeof props>>();

export const quickBack = {
  type: 'quick_back',
  props,
  valid: { dwell_ms: 1800 },
  invalid: {},
  invalidAt: 'props.dwell_ms',
} as const satisfies RecordType<'quick_back', QuickBackProps>;
