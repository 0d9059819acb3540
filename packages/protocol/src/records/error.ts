import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { name } from './fields.ts';

/** An error that the page did not catch. */
export interface ErrorProps {
  /** Scrubbed. */
  message: string;
  /** Such as `TypeError`. */
  name?: string | undefined;
  /** Address of the script, without query. */
  script?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

const props = z.looseObject({
  message: name,
  name: name.optional(),
  script: name.optional(),
  line: z.int().min(0).optional(),
  column: z.int().min(0).optional(),
});

same<SameFields<ErrorProps, typeof props>>();

export const error = {
  type: 'error',
  props,
  valid: {
    message: 'pay is not a function',
    name: 'TypeError',
    script: 'https://shop.example/app.js',
    line: 12,
    column: 7,
  },
  invalid: { name: 'TypeError' },
  invalidAt: 'props.message',
} as const satisfies RecordType<'error', ErrorProps>;
