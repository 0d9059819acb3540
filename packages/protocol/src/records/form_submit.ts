import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration, name } from './fields.ts';
import { exampleFields, type FormField, formFields } from './form_field.ts';

/** A form was sent. Source: GA4 `form_submit`. */
export interface FormSubmitProps {
  form_id?: string | undefined;
  form_name?: string | undefined;
  /** From the first field. */
  duration_ms?: number | undefined;
  /** Fields entered again. */
  corrections?: number | undefined;
  /** How each field went, in order of first entry: the first 30. */
  per_field?: FormField[] | undefined;
}

const props = z.looseObject({
  form_id: name.optional(),
  form_name: name.optional(),
  duration_ms: duration.optional(),
  corrections: z.int().min(0).optional(),
  per_field: formFields.optional(),
});

same<SameFields<FormSubmitProps, typeof props>>();

export const formSubmit = {
  type: 'form_submit',
  props,
  valid: { form_id: 'order', duration_ms: 34000, corrections: 1, per_field: exampleFields },
  invalid: { per_field: [{ field: 'email', ms: 8200, corrections: 0, invalid: 'jane' }] },
  invalidAt: 'props.per_field[0].invalid',
} as const satisfies RecordType<'form_submit', FormSubmitProps>;
