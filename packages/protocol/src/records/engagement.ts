import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration } from './fields.ts';

/** Time for which the page was in front, told when it is left. Source: GA4 `user_engagement`. */
export interface EngagementProps {
  /** Milliseconds visible and in focus since the last of these. */
  engagement_time_msec: number;
}

const props = z.looseObject({
  engagement_time_msec: duration,
});

same<SameFields<EngagementProps, typeof props>>();

export const engagement = {
  type: 'engagement',
  props,
  valid: { engagement_time_msec: 12400 },
  invalid: { engagement_time_msec: -1 },
  invalidAt: 'props.engagement_time_msec',
} as const satisfies RecordType<'engagement', EngagementProps>;
