import { CollectorError } from './errors.ts';
import type { RateLimitedBy } from './metrics.ts';
import type { Site } from './options.ts';
import { createRateLimit } from './rate_limit.ts';
import type { Envelope } from './read_envelope.ts';
import { bearerToken, createSecretKeys, type SecretOwner } from './secret_keys.ts';

/**
 * Who may send. A page shows a public key in its batch, from an origin of the site; a shop's server shows a secret key in
 * the Authorization header. A page that shows a secret key has given it away, and is refused whatever else it shows.
 */
export interface Access {
  /**
   * Before the body is read: the owner of the secret key, none for whoever sends with a public key. Limits the first by key
   * (a server sends for all visitors from one address), the others and every wrong guess by address.
   *
   * @throws CollectorError rate_limited, unknown_secret, secret_exposed
   */
  enter(header: (name: string) => string | undefined, address: string | undefined): SecretOwner | undefined;
  /**
   * The site that a batch is for.
   *
   * @throws CollectorError unknown_site, unknown_secret, unknown_key, origin_not_allowed, secret_exposed, secret_misplaced,
   *         rate_limited, and bad_batch where there is no key at all
   */
  admit(
    batch: Pick<Envelope, 'site' | 'key'>,
    sender: { readonly origin: string | undefined; readonly server: SecretOwner | undefined },
  ): Site;
  /** Puts other sites in the place of those before. What senders have used of their limits stays. */
  setSites(sites: readonly Site[]): void;
}

export interface AccessOptions {
  /** Keys the hashes of secret keys. */
  readonly pepper: Uint8Array;
  readonly rateLimits: { readonly perAddress: number; readonly perKey: number };
  readonly onLimited: (by: RateLimitedBy) => void;
}

/** Knows no site until it is told. */
export function createAccess({ pepper, rateLimits, onLimited }: AccessOptions): Access {
  let bySite: ReadonlyMap<string, Site> = new Map();
  let ownerOf = createSecretKeys([], pepper);
  const perAddress = createRateLimit(rateLimits.perAddress, () => onLimited('address'));
  const perKey = createRateLimit(rateLimits.perKey, () => onLimited('key'));
  const perSecret = createRateLimit(rateLimits.perKey, () => onLimited('secret'));

  const wrongKey = (key: string, origin: string | undefined): CollectorError => {
    if (!ownerOf(key)) return new CollectorError('unknown_key');
    return new CollectorError(origin === undefined ? 'secret_misplaced' : 'secret_exposed');
  };

  return {
    enter(header, address = 'unknown') {
      const authorization = header('authorization');
      const token = authorization === undefined ? undefined : bearerToken(authorization);
      const owner = token === undefined ? undefined : ownerOf(token);
      const isPage = token !== undefined && header('origin') !== undefined;
      if (owner && !isPage) {
        perSecret(owner.name);
        return owner;
      }
      perAddress(address);
      if (owner) throw new CollectorError('secret_exposed');
      // What a page adds to its requests by itself is its own affair: its batch is judged by the public key.
      if (token !== undefined && !isPage) throw new CollectorError('unknown_secret');
      return undefined;
    },
    admit({ site: id, key }, { origin, server }) {
      const site = bySite.get(id);
      if (!site) throw new CollectorError('unknown_site');
      // By id: the sites may have been set anew while the body was read.
      if (server && server.site.id !== id) throw new CollectorError('unknown_secret');
      if (key === undefined && !server)
        throw new CollectorError('bad_batch', 'key: the public key of the site is missing');
      if (key !== undefined && !site.keys.includes(key)) throw wrongKey(key, origin);
      if (server) return site;
      if (origin !== undefined && !site.origins.includes(origin)) throw new CollectorError('origin_not_allowed');
      perKey(`${id} ${key}`);
      return site;
    },
    setSites(sites) {
      bySite = new Map(sites.map((site) => [site.id, site]));
      ownerOf = createSecretKeys(sites, pepper);
    },
  };
}
