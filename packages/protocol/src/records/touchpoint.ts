import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { id, name } from './fields.ts';

/** Something of the shop met the person: a campaign, a QR code, a link from a store. Sent beside the page view that it brought. */
export interface TouchpointProps {
  /** `campaign`, `click_id`, `referrer`, `place` or `code`. */
  kind: string;
  /** `utm_source`, or the host that referred. */
  source?: string | undefined;
  medium?: string | undefined;
  campaign?: string | undefined;
  term?: string | undefined;
  content?: string | undefined;
  /** Name of the click id in the address (`gclid`), never its value. */
  click_id?: string | undefined;
  /** Store or corner that the code hangs in (`pc_place`). */
  place_id?: string | undefined;
  /** Code that was scanned (`pc_code`). */
  code?: string | undefined;
}

const props = z.looseObject({
  kind: name,
  source: name.optional(),
  medium: name.optional(),
  campaign: name.optional(),
  term: name.optional(),
  content: name.optional(),
  click_id: name.optional(),
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
