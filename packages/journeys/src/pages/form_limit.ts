import { bodyLimit } from 'hono/body-limit';
import { fault } from '../fault.ts';

/** For the forms of pages: a few fields. */
export const FORM_LIMIT = bodyLimit({
  maxSize: 16_384,
  onError: (context) => context.json(fault('body_too_large', 'the body is over the limit'), 413),
});
