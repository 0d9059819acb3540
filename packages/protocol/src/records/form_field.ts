import { z } from 'zod';
import { type SameFields, same } from './define.ts';
import { duration, name } from './fields.ts';

/** How filling in one field of a form went: never what was filled in. */
export interface FormField {
  /** Name of the field, as in `field`. */
  field: string;
  /** Time that the focus was in it, all its visits together; 0 where it was filled in without. */
  ms: number;
  /** How often it was entered again after another. */
  corrections: number;
  /** Its check failed: the browser refused the form for it, or the page marked it `aria-invalid`. */
  invalid?: boolean | undefined;
}

const formField = z.looseObject({
  field: name,
  ms: duration,
  corrections: z.int().min(0),
  invalid: z.boolean().optional(),
});

same<SameFields<FormField, typeof formField>>();

/** Fields in the order in which they were first entered, or refused where they never were. */
export const formFields = z.array(formField);

/** The fields that the examples of the form records share. */
export const exampleFields: FormField[] = [
  { field: 'email', ms: 8200, corrections: 0 },
  { field: 'phone', ms: 21400, corrections: 1, invalid: true },
];
