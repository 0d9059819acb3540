import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { element } from './fields.ts';

/** Several quick clicks in one spot. Source: PostHog, three within a second each and 30 pixels. */
export interface RageClickProps {
  /** Where in the page, such as `main > form#order > button`: tags, ids and roles, never what somebody wrote. */
  element: string;
  /** Clicks of the burst. */
  count: number;
}

const props = z.looseObject({
  element: element,
  count: z.int().min(2),
});

same<SameFields<RageClickProps, typeof props>>();

export const rageClick = {
  type: 'rage_click',
  props,
  valid: { element: 'main > button#pay', count: 4 },
  invalid: { element: 'main > button#pay' },
  invalidAt: 'props.count',
} as const satisfies RecordType<'rage_click', RageClickProps>;
