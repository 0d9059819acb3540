import { type BySubject, firstFault, type Kind, latestOf, listFault, textFault } from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/** A site may send from now on, with these settings in place of any before. */
export interface SiteAdded extends ControlRecord {
  readonly kind: 'site_added';
  readonly site: string;
  readonly origins: readonly string[];
  readonly query_keys: readonly string[];
  readonly hosts: readonly string[];
  readonly cookie_domains: readonly string[];
  /** Rights that scripts of its pages may use in the name of a visitor: `export`, `erase`. Absent: none. */
  readonly rights_from_pages?: readonly string[];
}

export const siteAdded = {
  kind: 'site_added',
  fault: (fields) =>
    firstFault(
      textFault(fields, 'site'),
      ...['origins', 'query_keys', 'hosts', 'cookie_domains'].map((name) => listFault(fields, name)),
      fields.rights_from_pages === undefined ? undefined : listFault(fields, 'rights_from_pages'),
    ),
  ...latestOf(({ site }: SiteAdded) => site),
} satisfies Kind<'site_added', SiteAdded, BySubject<SiteAdded>>;
