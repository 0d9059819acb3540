import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { id, name } from './fields.ts';

/**
 * Something of the shop met the person away from its pages: a screen in a store, a stand, a call. An arrival on the web is
 * none: its page view says by itself which campaign, code or site brought it.
 */
export interface TouchpointProps {
  /** What it was, such as `code`, `place`, `campaign`, `screen`. */
  kind: string;
  /** As `utm_source`. */
  source?: string | undefined;
  medium?: string | undefined;
  campaign?: string | undefined;
  term?: string | undefined;
  content?: string | undefined;
  /** Store or corner that it is in. */
  place_id?: string | undefined;
  /** Code that was scanned. */
  code?: string | undefined;
}

const props = z.looseObject({
  kind: name,
  source: name.optional(),
  medium: name.optional(),
  campaign: name.optional(),
  term: name.optional(),
  content: name.optional(),
  place_id: id.optional(),
  code: id.optional(),
});

same<SameFields<TouchpointProps, typeof props>>();

export const touchpoint = {
  type: 'touchpoint',
  props,
  valid: { kind: 'code', place_id: 'lyon-2', code: 'window-7' },
  invalid: { place_id: 'lyon-2' },
  invalidAt: 'props.kind',
} as const satisfies RecordType<'touchpoint', TouchpointProps>;
