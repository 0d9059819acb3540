import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import type { Context, Hono } from 'hono';
import type { Script } from '../options.ts';

/** Seconds that a browser may keep a script without a version: short, so that a new one reaches every page within the hour. */
const LATEST_SECONDS = 3600;
const YEAR_SECONDS = 31_536_000;
const LATEST = `public, max-age=${LATEST_SECONDS}`;
const FOR_EVER = `public, max-age=${YEAR_SECONDS}, immutable`;

/**
 * `/<file>`, the newest version of each script; `/v/<version>/<file>`, the same bytes for ever;
 * `/v/<version>/integrity.json`, their sha384 for the `integrity` attribute, and `/v/integrity.json`, those of the newest
 * version: both by the script's address relative to their own. Any page may load them, and none of them reads or sets a
 * cookie.
 *
 * @param scriptPath  of `p.js` once more, such as `/shop/a.js`: all the others lie beside it as they lie beside `p.js`
 *                    (`/shop/a.full.js`, `/shop/v/<version>/a.js`, `/shop/v/integrity.json`)
 */
export function scriptRoutes(app: Hono, scripts: readonly Script[], scriptPath?: string): void {
  const prepared = scripts.map(prepare);
  const newest = prepared.filter(({ version }) => version === prepared[0]?.version);
  for (const place of ['/p.js', ...(scriptPath ? [scriptPath] : [])]) {
    const folder = place.slice(0, place.lastIndexOf('/'));
    const stem = place.slice(folder.length + 1, -'.js'.length);
    const nameOf = ({ file }: Prepared): string => `${stem}${file.slice('p'.length)}`;
    const pinnedNameOf = (script: Prepared): string => `${script.version}/${nameOf(script)}`;
    const serve = (path: string, script: Served, cacheControl: string): void => {
      app.get(`${folder}/${path}`, (context) => send(context, script, cacheControl));
    };

    for (const script of newest) serve(nameOf(script), script, LATEST);
    for (const script of prepared) serve(`v/${pinnedNameOf(script)}`, script, FOR_EVER);
    if (newest.length > 0) serve('v/integrity.json', integrityOf(newest, pinnedNameOf), LATEST);
    for (const version of new Set(scripts.map((script) => script.version))) {
      const ofVersion = prepared.filter((script) => script.version === version);
      serve(`v/${version}/integrity.json`, integrityOf(ofVersion, nameOf), FOR_EVER);
    }
  }
}

/** What is sent, and by which mark it is known again. */
interface Served {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

interface Prepared extends Served {
  readonly version: string;
  readonly file: string;
  readonly integrity: string;
}

function prepare({ version, file, bytes, brotli = brotliCompressSync(bytes) }: Script): Prepared {
  const digest = createHash('sha384').update(bytes).digest('base64');
  return {
    version,
    file,
    type: 'text/javascript',
    bytes: Uint8Array.from(bytes),
    brotli: Uint8Array.from(brotli),
    etag: digest.slice(0, 32),
    integrity: `sha384-${digest}`,
  };
}

function integrityOf(scripts: readonly Prepared[], nameOf: (script: Prepared) => string): Served {
  const byName = Object.fromEntries(scripts.map((script) => [nameOf(script), script.integrity]));
  const bytes = new TextEncoder().encode(`${JSON.stringify(byName, null, 2)}\n`);
  return { type: 'application/json', bytes, etag: createHash('sha384').update(bytes).digest('base64url').slice(0, 32) };
}

function send(context: Context, { type, bytes, brotli, etag }: Served, cacheControl: string): Response {
  const takesBrotli = /(^|[\s,])br($|[\s,;])/.test(context.req.header('accept-encoding') ?? '');
  const compressed = takesBrotli ? brotli : undefined;
  // One mark for each form of the bytes, as RFC 9110 8.8.3.3 has it; a proxy that compresses makes it a weak one.
  const mark = compressed ? `"${etag}-br"` : `"${etag}"`;
  const headers: Record<string, string> = {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    etag: mark,
  };
  const known = context.req.header('if-none-match')?.split(',') ?? [];
  if (known.some((each) => each.trim().replace(/^W\//, '') === mark)) {
    return new Response(null, { status: 304, headers });
  }
  if (compressed) headers['content-encoding'] = 'br';
  return new Response(compressed ?? bytes, { status: 200, headers });
}
