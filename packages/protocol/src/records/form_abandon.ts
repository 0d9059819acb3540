import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { duration, name } from './fields.ts';
import { exampleFields, type FormField, formFields } from './form_field.ts';

/** A form was begun and left unsent. */
export interface FormAbandonProps {
  form_id?: string | undefined;
  form_name?: string | undefined;
  /** Field that was entered last. */
  field?: string | undefined;
  /** How many were entered. */
  fields?: number | undefined;
  /** From the first field to the last. */
  duration_ms?: number | undefined;
  /** How each field went, in order of first entry: the first 30. */
  per_field?: FormField[] | undefined;
}

const props = z.looseObject({
  form_id: name.optional(),
  form_name: name.optional(),
  field: name.optional(),
  fields: z.int().min(0).optional(),
  duration_ms: duration.optional(),
  per_field: formFields.optional(),
});

same<SameFields<FormAbandonProps, typeof props>>();

export const formAbandon = {
  type: 'form_abandon',
  props,
  valid: { form_id: 'order', field: 'phone', fields: 2, duration_ms: 21000, per_field: exampleFields },
  invalid: { fields: -1 },
  invalidAt: 'props.fields',
} as const satisfies RecordType<'form_abandon', FormAbandonProps>;
