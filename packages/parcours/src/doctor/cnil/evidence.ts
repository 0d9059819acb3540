import type { SiteRules } from '@parcours/protocol';
import { resolveRules } from '@parcours/protocol/policy';
import { policyNow } from '../../policy/published.ts';
import type { Context } from '../context.ts';

/** What is held of one site that was measured without consent, by the view `exempt_evidence`. */
export interface Evidence {
  readonly site: string;
  readonly types: readonly string[];
  readonly oldest_day: string;
  readonly newest_day: string;
  readonly ip_widths: readonly string[];
  readonly screens: readonly string[];
  readonly props: readonly string[];
  readonly has_query: boolean;
  readonly has_referrer_path: boolean;
  readonly has_minor_version: boolean;
  readonly has_seconds: boolean;
  readonly has_day_visitor: boolean;
  readonly has_visitor_of_days: boolean;
  readonly has_visitor_of_sites: boolean;
  readonly has_joined: boolean;
}

/** One site, what the policy in force says of it, and what is held; nothing where nothing is held yet. */
export interface Exhibit {
  readonly site: string;
  readonly rules: SiteRules;
  readonly rows: Evidence | undefined;
}

const asked = new WeakMap<Context, Promise<readonly Evidence[]>>();

const rowsOf = (context: Context): Promise<readonly Evidence[]> => {
  const known = asked.get(context);
  if (known) return known;
  const asking = context.probes.query('SELECT * FROM exempt_evidence ORDER BY site') as Promise<unknown>;
  asked.set(context, asking as Promise<readonly Evidence[]>);
  return asking as Promise<readonly Evidence[]>;
};

/** The rules of each site by the policy in force. @throws where what was published cannot be read */
export function rulesOf({ control, sites }: Context): ReadonlyMap<string, SiteRules> {
  if (!control) throw new Error('what was published cannot be read');
  const { policy } = policyNow(control);
  return new Map(sites.map(({ id }) => [id, resolveRules(policy, id)]));
}

/** Every site that measures without consent, or has done so: the tables are asked once. */
export async function exhibitsOf(context: Context): Promise<readonly Exhibit[]> {
  const rules = rulesOf(context);
  const rows = await rowsOf(context);
  return [...rules]
    .map(([site, of]) => ({ site, rules: of, rows: rows.find((row) => row.site === site) }))
    .filter(({ rules: { preset }, rows: held }) => preset !== undefined || held !== undefined);
}
