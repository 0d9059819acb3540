import type { IncomingMessage } from 'node:http';
import { fallback } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { answerJson } from '../answer.ts';
import { ADDRESS_HEADERS, type ClientAddress } from '../client_address.ts';
import { DIAGNOSE_HEADER, type Diagnosis, readDiagnosis } from '../diagnosis.ts';
import { remoteAddressOf } from '../hono_request.ts';
import type { Site, TrustProxy } from '../options.ts';
import { toResponse } from '../to_response.ts';
import type { VisitorCookie } from '../visitor_cookie.ts';
import { cookieDomainOf } from '../visitor_cookie_domain.ts';

export interface DiagnoseOptions {
  readonly secret: Uint8Array;
  readonly endpoints: readonly string[];
  /** Those in force now. */
  readonly sites: () => readonly Site[];
  readonly cookie: VisitorCookie;
  readonly clientAddress: ClientAddress;
  readonly trustProxy: TrustProxy;
  readonly addressHeader: string;
  readonly now: () => number;
}

const SHOWN = [...ADDRESS_HEADERS, 'via', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'host'] as const;

/**
 * `GET` where events are received, signed by `parcours doctor`: tells how the request was seen, and sets the visitor cookie of
 * the site whose `Origin` it has, for a visitor that does not exist. At the address of the events, since a proxy may let
 * through nothing else; nothing is stored. Without a signature it is as though it were not there.
 */
export function diagnoseRoutes(app: Hono, options: DiagnoseOptions): void {
  const { secret, endpoints, sites, cookie, clientAddress, now } = options;
  const diagnose = async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const header = (name: string): string | undefined => context.req.header(name);
    const nonce = readDiagnosis(secret, header(DIAGNOSE_HEADER) ?? '', now());
    if (nonce === undefined) {
      await next();
      return undefined;
    }
    const origin = header('origin');
    const site = origin === undefined ? undefined : sites().find(({ origins }) => origins.includes(origin));
    const place = site && { site: site.id, domain: cookieDomainOf(site.cookieDomains, origin) };
    const cookies = header('cookie');
    const address = clientAddress(remoteAddressOf(context), header);
    const diagnosis: Diagnosis = {
      nonce,
      socket: socketOf(context),
      headers: shown(header),
      ...(address !== undefined && { address }),
      trust_proxy: options.trustProxy,
      address_header: options.addressHeader,
      ...(site && { site: site.id }),
      visitor: cookies === undefined ? 'none' : place && cookie.read(cookies, place) ? 'known' : 'unknown',
    };
    const visitor = { id: `doctor-${nonce}`.slice(0, 64), issuedAt: now() };
    const headers = place ? { 'set-cookie': cookie.write(place, visitor) } : {};
    return toResponse(answerJson(200, JSON.stringify(diagnosis), headers));
  };
  for (const path of endpoints) app.get(path, fallback(diagnose));
}

function shown(header: (name: string) => string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of SHOWN) {
    const value = header(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function socketOf(context: Context): Diagnosis['socket'] {
  const address = remoteAddressOf(context);
  const port = (context.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket?.remotePort;
  return { ...(address !== undefined && { address }), ...(port !== undefined && { port }) };
}
