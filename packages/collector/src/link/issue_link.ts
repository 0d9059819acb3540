import { pathOf } from '@parcours/protocol/schema';
import type { z } from 'zod';
import type { Erased } from '../consent/erased.ts';
import { CollectorError } from '../errors.ts';
import type { Site } from '../options.ts';
import { firstIssue, isAlive } from '../visitor_age.ts';
import type { IssuedVisitor, VisitorCookie } from '../visitor_cookie.ts';
import { type linkReply, linkRequest } from './link_schema.ts';
import { LINK_LIFE_MS, type LinkTokens } from './link_token.ts';

/** The answer to `POST /v1/link`. */
export type LinkReply = z.output<typeof linkReply>;

/** A request for a token, as it came. */
export interface LinkRequest {
  /** Decoded: `{ "visitor_id": …, "site"?: … }`. */
  readonly json: unknown;
  readonly origin: string | undefined;
  readonly cookies: string | undefined;
}

/** Gives a page the token for its links. */
export interface LinkIssuer {
  /**
   * The site that the page belongs to, and the token; none where it is not sure who the visitor is: the cookie names another
   * than the page does (it was reset, or its storage emptied, and the next batch settles it), the id is past its life, or its visitor was erased.
   *
   * @throws CollectorError
   */
  issue(request: LinkRequest): { readonly site: string; readonly reply: LinkReply | undefined };
}

/**
 * Only pages have links, and a page is known by its origin: it says which site this is, so no key is asked for. Where several
 * sites share the origin, `site` says which, or the cookie that holds the visitor's id.
 */
export function createLinkIssuer({
  sites,
  tokens,
  cookie,
  erased,
  now,
}: {
  readonly sites: readonly Site[];
  readonly tokens: LinkTokens;
  readonly cookie: VisitorCookie;
  readonly erased: Erased;
  readonly now: () => number;
}): LinkIssuer {
  const byOrigin = new Map<string, Site[]>();
  for (const site of sites) {
    for (const origin of site.origins) byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), site]);
  }
  return {
    issue({ json, origin, cookies }) {
      const { visitor_id, site: named } = readBody(json);
      const ofOrigin = origin === undefined ? undefined : byOrigin.get(origin);
      if (!ofOrigin) throw new CollectorError('origin_not_allowed');
      const candidates = named === undefined ? ofOrigin : ofOrigin.filter(({ id }) => id === named);
      if (candidates.length === 0) throw new CollectorError('unknown_site');
      const known = candidates.map((site) => cookie.read(cookies, { site: site.id, domain: undefined }));
      const holder = known.findIndex((visitor) => visitor?.id === visitor_id);
      const site = candidates[Math.max(0, holder)] as Site;
      const isSure = holder >= 0 || (candidates.length === 1 && known[0] === undefined);
      const visitor: IssuedVisitor = known[holder] ?? { id: visitor_id, issuedAt: firstIssue(visitor_id, now()) };
      const isGone = erased.on(site.id)?.visitor(visitor.id) ?? false;
      if (!isSure || isGone || !isAlive(visitor.issuedAt, now())) return { site: site.id, reply: undefined };
      const token = tokens.issue(site.id, visitor, now());
      return { site: site.id, reply: { token, expires_in: LINK_LIFE_MS / 1000 } };
    },
  };
}

function readBody(json: unknown): z.output<typeof linkRequest> {
  const { data, error } = linkRequest.safeParse(json);
  if (data) return data;
  const issue = error.issues[0];
  throw new CollectorError('bad_batch', `${pathOf(issue?.path ?? []) || 'the body'}: ${issue?.message}`);
}
