import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';
import { name } from './fields.ts';

/** The shop was searched. Source: GA4 `search`. */
export interface SearchProps {
  search_term: string;
}

const props = z.looseObject({
  search_term: name,
});

same<SameFields<SearchProps, typeof props>>();

export const search = {
  type: 'search',
  props,
  valid: { search_term: 'walking boots' },
  invalid: {},
  invalidAt: 'props.search_term',
} as const satisfies RecordType<'search', SearchProps>;
