import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { element, name } from './fields.ts';

/** A click right before an error of the page. Source: Datadog; within a second. */
export interface ErrorClickProps {
  /** Where in the page, such as `main > form#order > button`: tags, ids and roles, never what somebody wrote. */
  element: string;
  /** Of the error, scrubbed. */
  message?: string | undefined;
}

const props = z.looseObject({
  element: element,
  message: name.optional(),
});

same<SameFields<ErrorClickProps, typeof props>>();

export const errorClick = {
  type: 'error_click',
  props,
  valid: { element: 'main > button#pay', message: 'pay is not a function' },
  invalid: { message: 'x' },
  invalidAt: 'props.element',
} as const satisfies RecordType<'error_click', ErrorClickProps>;
