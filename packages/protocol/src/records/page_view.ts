import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { name } from './fields.ts';

/** A page was seen: once a load, once a change of path or listed query key. Its address is in `page`. */
export interface PageViewProps {
  /** How the page came: load, push, replace, pop, bfcache or prerender. */
  navigation?: string | undefined;
}

const props = z.looseObject({
  navigation: name.optional(),
});

same<SameFields<PageViewProps, typeof props>>();

export const pageView = {
  type: 'page_view',
  props,
  isEntry: true,
  valid: { navigation: 'load' },
  invalid: { navigation: 1 },
  invalidAt: 'props.navigation',
} as const satisfies RecordType<'page_view', PageViewProps>;
