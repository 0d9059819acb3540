import type { Log } from '@parcours/store/log';
import { z } from 'zod';

const origin = z
  .string()
  .refine(
    (value) => value === 'null' || (URL.canParse(value) && new URL(value).origin === value),
    'must be an origin such as https://www.example.com, without path',
  );

/** One site: who may send for it, and what of its addresses is kept. */
export const site = z.strictObject({
  /** Short name of the site, used in events, cookies and file names. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and -, at most 63'),
  /** Public write keys; several while one is being replaced. */
  keys: z.array(z.string().min(1).max(200)).min(1),
  /** Origins whose pages may send. A request without Origin (a server, an app) is judged by its key alone. */
  origins: z.array(origin).default([]),
  /** Query keys that stay in stored addresses; campaign keys are read before the query is cut. */
  queryKeys: z.array(z.string().min(1)).default([]),
  /** Hosts that count as the site itself when referrers are read; the hosts of `origins` always do. */
  hosts: z.array(z.string().min(1)).default([]),
});

export type Site = z.output<typeof site>;
export type SiteInput = z.input<typeof site>;

/** How much one sender may ask for. */
export const rateLimits = z.strictObject({
  /** Requests a second from one address; bursts of twice as many. */
  perAddress: z.int().min(1).default(200),
  /** Requests a second with one key; bursts of twice as many. */
  perKey: z.int().min(1).default(5_000),
});

/**
 * Whose word about the client's address is taken: `false` for nobody's (the socket's address counts),
 * a number of proxies in front, or their addresses as CIDR blocks.
 */
export const trustProxy = z.union([
  z.literal(false),
  z.int().min(1).max(10),
  z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).min(1),
]);

export type TrustProxy = z.output<typeof trustProxy>;

/** A published script: the bytes served at `/v/<version>/p.js`, and at `/p.js` for the newest. */
export interface Script {
  readonly version: string;
  readonly bytes: Uint8Array;
}

export interface CollectorOptions {
  readonly sites: readonly SiteInput[];
  /** Where accepted events become durable. */
  readonly log: Log;
  /** Signs visitor cookies; at least 32 bytes, the same for every collector of a shop. */
  readonly cookieSecret: Uint8Array;
  /** Every version of the browser script that is still served, the newest first. Default none. */
  readonly scripts?: readonly Script[];
  /** Default `false`. */
  readonly trustProxy?: TrustProxy;
  readonly rateLimits?: z.input<typeof rateLimits>;
  /** Blocks that may read `/metrics`. Default loopback only; never through a proxy. */
  readonly metricsFrom?: readonly string[];
  /** One line per request. Default none. Never given payloads or identifiers. */
  readonly onRequest?: (line: RequestLine) => void;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a request log may know. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly code?: string;
}
