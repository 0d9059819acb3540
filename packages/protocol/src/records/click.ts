import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { element, name, share } from './fields.ts';

/** A click on something that a click does something with. Source: GA4 `click` for the link fields. */
export interface ClickProps {
  /** Where in the page, such as `main > form#order > button`: tags, ids and roles, never what somebody wrote. */
  element: string;
  /** What it is to the person: `link`, `button`, `submit`, or its ARIA role. */
  role?: string | undefined;
  /** Its visible name, at most 100 characters, scrubbed; never of an input. */
  label?: string | undefined;
  /** Where a link leads, without query and fragment; the collector makes the next three of it. */
  link_url?: string | undefined;
  link_domain?: string | undefined;
  /** The link leads to another site. */
  outbound?: boolean | undefined;
  /** The link leads to a file. */
  file_extension?: string | undefined;
  /** From the left edge of the element, 0 to 1. */
  x?: number | undefined;
  /** From its upper edge, 0 to 1. */
  y?: number | undefined;
  /** Width of the window, rounded down to 100 CSS pixels. */
  viewport?: number | undefined;
}

const props = z.looseObject({
  element: element,
  role: name.optional(),
  label: name.optional(),
  link_url: name.optional(),
  link_domain: name.optional(),
  outbound: z.boolean().optional(),
  file_extension: name.optional(),
  x: share.optional(),
  y: share.optional(),
  viewport: z.int().min(0).optional(),
});

same<SameFields<ClickProps, typeof props>>();

export const click = {
  type: 'click',
  props,
  valid: {
    element: 'main > a#boots',
    role: 'link',
    label: 'Boots',
    link_url: 'https://shop.example/boots',
    x: 0.5,
    y: 0.25,
    viewport: 1200,
  },
  invalid: { role: 'link' },
  invalidAt: 'props.element',
} as const satisfies RecordType<'click', ClickProps>;
