import { type BySubject, type Kind, latestOf, textFault } from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/** A site may send no more, and every key it had until now is gone for good, even if a site of that name is added again. */
export interface SiteRemoved extends ControlRecord {
  readonly kind: 'site_removed';
  readonly site: string;
}

export const siteRemoved = {
  kind: 'site_removed',
  fault: (fields) => textFault(fields, 'site'),
  ...latestOf(({ site }: SiteRemoved) => site),
} satisfies Kind<'site_removed', SiteRemoved, BySubject<SiteRemoved>>;
