import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration, element } from './fields.ts';

/** A click after which nothing happened. Source: PostHog, no change of the page within 2.5 s. */
export interface DeadClickProps {
  /** Where in the page, such as `main > form#order > button`: tags, ids and roles, never what somebody wrote. */
  element: string;
  /** How long nothing happened. */
  waited_ms?: number | undefined;
}

const props = z.looseObject({
  element: element,
  waited_ms: duration.optional(),
});

same<SameFields<DeadClickProps, typeof props>>();

export const deadClick = {
  type: 'dead_click',
  props,
  valid: { element: 'main > div#banner', waited_ms: 2500 },
  invalid: { waited_ms: 2500 },
  invalidAt: 'props.element',
} as const satisfies RecordType<'dead_click', DeadClickProps>;
