import type { Erased } from '../consent/erased.ts';
import type { ReceiptIds } from '../consent/receipt_ids.ts';
import { CollectorError } from '../errors.ts';
import { hasObjected, objectionCookie } from '../exempt/objection.ts';
import type { Ingest } from '../ingest.ts';
import type { Site } from '../options.ts';
import { createRateLimit } from '../rate_limit.ts';
import { madeAt } from '../visitor_age.ts';
import type { CookiePlace, KnownVisitor, VisitorCookie } from '../visitor_cookie.ts';
import { type RightsOptions, TablesUnavailable } from './options.ts';

/** A browser that asks for its rights on one site. */
export interface Asker {
  readonly site: Site;
  /** By its signed cookie and nothing else; undefined where it has none that stands, or its visitor was erased. */
  readonly visitor: KnownVisitor | undefined;
  /** The same, erased or not. */
  readonly known: KnownVisitor | undefined;
  readonly hasObjected: boolean;
  /** `Sec-GPC: 1`. */
  readonly gpc: boolean;
}

/** Whose rows are asked for. */
export interface Holder {
  readonly site: Site;
  readonly visitor: Pick<KnownVisitor, 'id'> | undefined;
}

/** What was done, as `Set-Cookie` values that the answer must bring. */
export interface Done {
  readonly cookies: readonly string[];
}

/**
 * What a visitor may ask of a collector: proven by the signed cookie alone, so for this browser and never for a customer, whose
 * card or address somebody else at a shared computer may know.
 */
export interface VisitorRights {
  readonly offers: { readonly erase: boolean; readonly export: boolean };
  /**
   * @throws CollectorError rate_limited; unknown_site as 404
   */
  asker(site: string, header: Header, address: string | undefined): Asker;
  /** Takes back everything and objects to all measurement. Resolves once it is on disk; blocks at once. */
  stop(asker: Asker): Promise<Done>;
  /**
   * Forgets visitors of a site, from now on and everywhere.
   *
   * @param ids none where the browser is nobody: then nothing is recorded
   * @throws CollectorError not_found where it is not offered
   * @returns and the day, `YYYY-MM-DD`, from which the log has nothing of them either
   */
  erase(site: Site, ids: readonly string[]): Promise<Done & { readonly logGoneBy: string }>;
  /**
   * What the tables hold of the visitor, one JSON document; `null` where the browser is nobody.
   *
   * @throws CollectorError tables_unavailable; not_found where it is not offered
   */
  export(asker: Holder, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

type Header = (name: string) => string | undefined;

export interface VisitorRightsParts {
  readonly siteOf: (id: string) => Site | undefined;
  readonly cookie: VisitorCookie;
  /** Where a site's cookie is read. */
  readonly placeOf: (site: Site) => CookiePlace & { readonly lifeMs: number };
  /** Everywhere a site's cookie may lie. */
  readonly placesOf: (site: Site) => readonly CookiePlace[];
  readonly ids: Pick<ReceiptIds, 'subjectOf'>;
  /** `erasedHash` of a visitor's id. */
  readonly erasedHashOf: (visitorId: string) => string;
  readonly erased: Erased;
  readonly ingest: Pick<Ingest, 'store'>;
  readonly options: RightsOptions;
  /** Requests of one address a second. */
  readonly perAddress: number;
  readonly onLimited: () => void;
  /** Ms since the epoch. */
  readonly now: () => number;
}

/** What such a withdrawal is told by, in the place of the version of a script. */
const SENT_BY = 'rights';
const DAY_MS = 86_400_000;

export function createVisitorRights(parts: VisitorRightsParts): VisitorRights {
  const { siteOf, cookie, placeOf, placesOf, ids, erased, ingest, options, now } = parts;
  const perAddress = createRateLimit(parts.perAddress, parts.onLimited);
  const { recordErasure, exportVisitor, audit = async () => undefined, logDays = 7 } = options;

  const cleared = (site: Site): string[] => placesOf(site).map(cookie.clear);

  /** As a batch takes it back, so that receipt, record and rule are the same. */
  const withdraw = async ({ site, visitor, gpc }: Asker & { readonly visitor: KnownVisitor }): Promise<void> => {
    const at = new Date(now() + aheadMs(visitor)).toISOString();
    const batch = {
      v: 1 as const,
      site: site.id,
      sdk: SENT_BY,
      sent_at: at,
      withdrawn: { at },
      stamps: [],
      events: [],
    };
    const { lifeMs } = placeOf(site);
    const sender = { site, source: 'web', visitor, gpc, lifeMs, objected: true, byteLength: 0 } as const;
    await ingest.store(batch, { ...sender, address: undefined, userAgent: undefined });
  };

  return {
    offers: { erase: recordErasure !== undefined, export: exportVisitor !== undefined },
    asker(id, header, address = 'unknown') {
      perAddress(address);
      const site = siteOf(id);
      if (!site) throw new CollectorError('unknown_site', undefined, { status: 404 });
      const cookies = header('cookie');
      const visitor = cookie.read(cookies, placeOf(site));
      return {
        site,
        // Who was erased is nobody, should the cookie have outlived it.
        visitor: erased.on(site.id)?.visitor(visitor?.id) ? undefined : visitor,
        known: visitor,
        hasObjected: hasObjected(cookies, site.id),
        gpc: header('sec-gpc') === '1',
      };
    },
    async stop(asker) {
      const { site, visitor } = asker;
      if (visitor) {
        await withdraw({ ...asker, visitor });
        await audit({ action: 'opted_out', site: site.id, subject: ids.subjectOf(site.id, visitor.id) });
      }
      const objections = placesOf(site).map(({ domain }) => objectionCookie(site.id, true, domain));
      return { cookies: [...cleared(site), ...objections] };
    },
    async erase(site, visitorIds) {
      if (!recordErasure) throw new CollectorError('not_found');
      // A segment of the log is open for a while, and goes by the hour.
      const logGoneBy = new Date(now() + (logDays + 1) * DAY_MS).toISOString().slice(0, 10);
      if (visitorIds.length > 0) await recordErasure({ site: site.id, hashes: visitorIds.map(parts.erasedHashOf) });
      for (const id of visitorIds)
        await audit({ action: 'subject_erased', site: site.id, subject: ids.subjectOf(site.id, id), logGoneBy });
      return { cookies: cleared(site), logGoneBy };
    },
    async export({ site, visitor }, signal) {
      if (!exportVisitor) throw new CollectorError('not_found');
      if (!visitor) return nothing();
      try {
        const pieces = await exportVisitor({ site: site.id, visitorId: visitor.id, signal });
        await audit({ action: 'subject_exported', site: site.id, subject: ids.subjectOf(site.id, visitor.id) });
        return pieces;
      } catch (cause) {
        if (!(cause instanceof TablesUnavailable)) throw cause;
        throw new CollectorError('tables_unavailable', undefined, { cause, retryAfter: 30 });
      }
    },
  };
}

/**
 * How far the browser's clock is ahead, as far as it has told: a form does not, and its choices are dated by that clock; an
 * id tells when it was made by it, and the cookie when that was here, in whole seconds.
 */
function aheadMs({ id, issuedAt }: KnownVisitor): number {
  const ahead = (madeAt(id) ?? 0) - issuedAt;
  return ahead > 1_000 ? ahead : 0;
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('null\n');
}
