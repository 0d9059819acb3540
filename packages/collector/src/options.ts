import { LINK_PARAMETER } from '@parcours/protocol';
import type { Log } from '@parcours/store/log';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { PublishedPolicy } from './consent/policies.ts';
import type { ConsentOptions } from './consent/wiring.ts';
import type { RightsOptions } from './rights/options.ts';
import { cookieDomainFault } from './visitor_cookie_domain.ts';

const origin = z
  .string()
  .refine(
    (value) => value === 'null' || (URL.canParse(value) && new URL(value).origin === value),
    'must be an origin such as https://www.example.com, without path',
  );

/** The rights of a visitor that pages of a site may be allowed to ask for. */
export const PAGE_RIGHTS = ['export', 'erase'] as const;
export type PageRight = (typeof PAGE_RIGHTS)[number];

const secretKey = z
  .string()
  .min(32, 'must have 32 characters or more')
  .max(200)
  // What RFC 6750 lets stand behind `Bearer`.
  .regex(/^[\w.~+/-]+=*$/, 'must be letters, digits, or any of _ . ~ + / -');

/** The id names the key in limits and counts. */
const secretKeyHash = z.strictObject({
  id: z.string().min(1).max(200),
  hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url'),
});

const cookieDomain = z
  .string()
  .regex(
    /^(?!.*\.\d+$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/,
    'must be a domain of two or more labels such as shop.example, lower case, without dot in front',
  );

const queryKey = z
  .string()
  .min(1)
  .refine((key) => key !== LINK_PARAMETER, `must not be ${LINK_PARAMETER}: it says who the visitor is`);

/** One site: who may send for it, and what of its addresses is kept. Nothing in it is secret. */
export const siteFields = z.strictObject({
  /** Short name of the site, used in events, cookies and file names. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -, at most 63'),
  /** Public write keys; several while one is being replaced, none where no page may send. */
  keys: z.array(z.string().min(1).max(200)).default([]),
  /** Origins whose pages may send. A request without Origin (a server, an app) is judged by its key alone. */
  origins: z.array(origin).default([]),
  /** Query keys that stay in stored addresses; campaign keys are read before the query is cut. */
  queryKeys: z.array(queryKey).default([]),
  /** Hosts that count as the site itself when referrers are read; the hosts of `origins` always do. */
  hosts: z.array(z.string().min(1)).default([]),
  /**
   * Domains whose hosts share one visitor cookie, such as `shop.example` for `www.` and `pay.shop.example`; each must hold one
   * of `origins`. Default: each host has its own. Pages outside of all of them keep the cookie of their host.
   */
  cookieDomains: z.array(cookieDomain).default([]),
  /**
   * Which rights any script of the site's pages may use in the name of the visitor (`p.rights.js`): `export` hands it the
   * visitor's history, `erase` lets it destroy that. Default none: the visitor's own page, which no script can use, does both.
   */
  rightsFromPages: z.array(z.enum(PAGE_RIGHTS, `must be one of ${PAGE_RIGHTS.join(', ')}`)).default([]),
});

/** Whether the settings of a site agree; for `superRefine`. */
export function checkSite(
  { cookieDomains, origins }: Pick<z.output<typeof siteFields>, 'cookieDomains' | 'origins'>,
  context: z.RefinementCtx,
): void {
  const fault = cookieDomainFault(cookieDomains, origins);
  if (fault) context.addIssue({ code: 'custom', path: ['cookieDomains', fault.index], message: fault.message });
}

/** One site with the secrets that open it. */
export const site = siteFields
  .extend({
    /**
     * Keys of the shop's own servers, sent as `Authorization: Bearer`, never by a page; several while one is being replaced.
     * Kept as hashes from the start on.
     */
    secretKeys: z.array(secretKey).default([]),
    /** The same where only their hashes are known: `secretHash` of `@parcours/store/control` under `secretPepper`. */
    secretKeyHashes: z.array(secretKeyHash).default([]),
  })
  .superRefine(checkSite);

/** All sites of a collector: a secret key belongs to one of them alone, and is public in none. */
export const siteList = z.array(site).superRefine((sites, context) => {
  const publicKeys = new Set(sites.flatMap(({ keys }) => keys));
  const secretKeys = new Set<string>();
  sites.forEach((site, at) => {
    site.secretKeys.forEach((secret, index) => {
      const fault = publicKeys.has(secret) ? 'is a public key too' : secretKeys.has(secret) && 'stands twice';
      if (fault) context.addIssue({ code: 'custom', path: [at, 'secretKeys', index], message: fault });
      secretKeys.add(secret);
    });
  });
});

export type Site = z.output<typeof site>;
/** What of a site the rules for events ask. */
export type JudgedSite = Pick<Site, 'id' | 'origins' | 'hosts' | 'queryKeys'>;
export type SiteInput = z.input<typeof site>;

/** How much one sender may ask for. */
export const rateLimits = z.strictObject({
  perAddress: z
    .int()
    .min(1)
    .default(200)
    .describe('Requests a second from one address, a tenth of them withdrawals; bursts of twice as many'),
  perKey: z.int().min(1).default(5_000).describe('Requests a second with one key; bursts of twice as many'),
});

/**
 * Whose word about the client's address is taken: `false` for nobody's (the socket's address counts),
 * a number of proxies in front, or their addresses as CIDR blocks.
 */
export const trustProxy = z.union(
  [z.literal(false), z.int().min(1).max(10), z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).min(1)],
  'must be false, a number of proxies from 1 to 10, or a list of addresses and blocks such as ["10.0.0.0/8"]',
);

/**
 * The header in which the proxies of `trustProxy` tell the client's address: `x-forwarded-for` (a list, each appends),
 * `forwarded` (RFC 7239, the same), or one that the outermost proxy sets to a single address, such as `x-real-ip` or
 * `cf-connecting-ip`. A header that a proxy passes on from the client can be made up by anyone.
 */
export const addressHeader = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a header such as x-forwarded-for, in lower case')
  .default('x-forwarded-for');

export type TrustProxy = z.output<typeof trustProxy>;

const ownPath = z
  .string()
  .max(200)
  .regex(/^(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/, 'must be a path such as /shop/in: letters, digits, _ ~ - and .');

/** A path of your own for `p.js`, such as `/shop/a.js`, which lists of blockers do not know. */
export const scriptPath = ownPath.regex(/\.js$/, 'must end in .js');

/** A path of your own for `/v1/events`, such as `/shop/in`. */
export const endpointPath = ownPath;

/** A published script: the bytes served at `/v/<version>/<file>`, and at `/<file>` for the newest version. */
export interface Script {
  readonly version: string;
  /** `p.js`, `p.full.js`, `p.web-vitals.js` and so on. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The bytes compressed. Default: compressed at creation, which takes some 10 ms. */
  readonly brotli?: Uint8Array;
}

export interface CollectorOptions {
  /** Who may send. `collector.setSites` puts others in their place while it runs. */
  readonly sites: readonly SiteInput[];
  /**
   * The consent policies that were published, the oldest first: the last one is in force, `collector.setPolicies` puts others
   * in their place. Default none: the built-in rules.
   */
  readonly policies?: readonly PublishedPolicy[];
  /** Where receipts and withdrawals go. Default: memory, and this collector alone. */
  readonly consent?: ConsentOptions;
  /** What visitors may ask for beside stopping, which needs nothing. Default: that alone. */
  readonly rights?: RightsOptions;
  /** Keys the hashes of secret keys; at least 32 bytes. Needed for `secretKeyHashes`; default: made at creation. */
  readonly secretPepper?: Uint8Array;
  /** Where accepted events become durable. */
  readonly log: Log;
  /** Signs visitor cookies; at least 32 bytes, the same for every collector of a shop. */
  readonly cookieSecret: Uint8Array;
  /** Every browser script of every version that is still served, those of the newest first. Default none. */
  readonly scripts?: readonly Script[];
  /** Where `p.js` is served too, with all other scripts beside it under the same rule. Default: nowhere else. */
  readonly scriptPath?: string;
  /** Where events are received too. Default: `/v1/events` alone. */
  readonly endpointPath?: string;
  /** Default `false`. */
  readonly trustProxy?: TrustProxy;
  /** Default `x-forwarded-for`. */
  readonly addressHeader?: string;
  /** Lets whoever signs with it ask how a request arrived (`signDiagnosis`). Default: nobody can. */
  readonly diagnoseSecret?: Uint8Array;
  readonly rateLimits?: z.input<typeof rateLimits>;
  /** Blocks that may read `/metrics`. Default loopback only; never through a proxy. */
  readonly metricsFrom?: readonly string[];
  /** Where the collector's metrics are kept. Default: a registry of its own. */
  readonly registry?: Registry;
  /**
   * One line per request. Default none. Never given payloads or identifiers; the fault behind a 500 comes beside it, and its
   * message may hold anything.
   */
  readonly onRequest?: (line: RequestLine, fault?: unknown) => void;
  /**
   * Whether the answer to a batch that was taken has a name too, which costs some microseconds; all others always have. Worth it
   * where `onRequest` writes a line for each. Default: where there is an `onRequest`.
   */
  readonly namesTaken?: boolean;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a request log may know. */
export interface RequestLine {
  /** Made here, and told in the answer's `x-request-id`; what a request brings along is not believed. */
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, such as `/v1/events`: what stands in its place may be anything. `unmatched` if there is none. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly code?: string;
}
