import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration, name } from './fields.ts';

/** A form was sent. Source: GA4 `form_submit`. */
export interface FormSubmitProps {
  form_id?: string | undefined;
  form_name?: string | undefined;
  /** From the first field. */
  duration_ms?: number | undefined;
  /** Fields entered again. */
  corrections?: number | undefined;
}

const props = z.looseObject({
  form_id: name.optional(),
  form_name: name.optional(),
  duration_ms: duration.optional(),
  corrections: z.int().min(0).optional(),
});

same<SameFields<FormSubmitProps, typeof props>>();

export const formSubmit = {
  type: 'form_submit',
  props,
  valid: { form_id: 'order', duration_ms: 34000, corrections: 1 },
  invalid: { duration_ms: 'long' },
  invalidAt: 'props.duration_ms',
} as const satisfies RecordType<'form_submit', FormSubmitProps>;
