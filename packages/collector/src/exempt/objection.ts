/** Days for which an objection is kept, as long as an id could be: 13 months. Source: CNIL délib. 2020-092, art. 5. */
const OBJECTION_DAYS = 395;

/**
 * The mark of a visitor who objected to being measured without consent. The site's pages write and read it too, so it is no
 * secret and not signed, and tells nothing but that.
 */
export const objectionName = (site: string): string => `pc_objection_${site}`;

/** Whether a `Cookie` header has the mark. */
export const hasObjected = (header: string | undefined, site: string): boolean =>
  header?.split(';').some((part) => part.trim() === `${objectionName(site)}=1`) ?? false;

/**
 * A `Set-Cookie` value that writes the mark, or takes it away. Written by a server it outlasts Safari's seven days for what
 * scripts write, where the collector stands on the shop's own host or shares a domain with it.
 */
export const objectionCookie = (site: string, isObjecting: boolean, domain: string | undefined): string =>
  `${objectionName(site)}=${isObjecting ? `1; Max-Age=${OBJECTION_DAYS * 86_400}` : '; Max-Age=0'}; Path=/${domain === undefined ? '' : `; Domain=${domain}`}; Secure; SameSite=Lax`;
