import { z } from 'zod';
import { type RecordType, type SameFields, same } from './define.ts';

/**
 * The visitor came by a link that told who follows it, from another domain of the shop. Of `token` nothing rests: the
 * collector stores who it names (`linked_visitor_id`, `from_site`), or why it names nobody (`link_fault`).
 */
export interface CrossDomainProps {
  /** What `POST /v1/link` gave the page of the link: opaque to everybody but the collector. */
  token: string;
}

const props = z.looseObject({
  token: z.string().min(1).max(400),
});

same<SameFields<CrossDomainProps, typeof props>>();

export const crossDomain = {
  type: 'cross_domain',
  props,
  valid: { token: 'AQ3fQm0Zb7pYkN2c' },
  invalid: {},
  invalidAt: 'props.token',
} as const satisfies RecordType<'cross_domain', CrossDomainProps>;
