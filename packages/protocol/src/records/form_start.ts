import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { name } from './fields.ts';

/** The first field of a form was entered. Source: GA4 `form_start`. */
export interface FormStartProps {
  form_id?: string | undefined;
  form_name?: string | undefined;
  /** Name of the field, never its value. */
  field?: string | undefined;
}

const props = z.looseObject({
  form_id: name.optional(),
  form_name: name.optional(),
  field: name.optional(),
});

same<SameFields<FormStartProps, typeof props>>();

export const formStart = {
  type: 'form_start',
  props,
  valid: { form_id: 'order', field: 'postcode' },
  invalid: { form_id: 7 },
  invalidAt: 'props.form_id',
} as const satisfies RecordType<'form_start', FormStartProps>;
