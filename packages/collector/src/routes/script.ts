import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import type { Context, Hono } from 'hono';
import type { Script } from '../options.ts';

/** Seconds that a browser may keep `/p.js`: short, so that a new version reaches every page within the hour. */
const LATEST_SECONDS = 3600;
const YEAR_SECONDS = 31_536_000;

/**
 * `/p.js`, the newest script; `/v/<version>/p.js`, the same bytes for ever; `/v/<version>/integrity.json`, their sha384
 * for the `integrity` attribute. Any page may load them, and none of them reads or sets a cookie.
 */
export function scriptRoutes(app: Hono, scripts: readonly Script[]): void {
  const served = new Map(scripts.map((script) => [script.version, prepare(script)]));
  const latest = scripts[0] && served.get(scripts[0].version);
  app.get('/p.js', (context) =>
    latest ? send(context, latest, `public, max-age=${LATEST_SECONDS}`) : context.notFound(),
  );
  app.get('/v/:version/p.js', (context) => {
    const script = served.get(context.req.param('version'));
    return script ? send(context, script, `public, max-age=${YEAR_SECONDS}, immutable`) : context.notFound();
  });
  app.get('/v/:version/integrity.json', (context) => {
    const script = served.get(context.req.param('version'));
    if (!script) return context.notFound();
    return context.json({ 'p.js': script.integrity }, 200, {
      'access-control-allow-origin': '*',
      'cache-control': `public, max-age=${YEAR_SECONDS}, immutable`,
    });
  });
}

type Prepared = ReturnType<typeof prepare>;

function prepare({ bytes }: Script) {
  const digest = createHash('sha384').update(bytes).digest('base64');
  return {
    plain: Uint8Array.from(bytes),
    brotli: Uint8Array.from(brotliCompressSync(bytes)),
    integrity: `sha384-${digest}`,
    etag: `"${digest.slice(0, 32)}"`,
  };
}

function send(context: Context, script: Prepared, cacheControl: string): Response {
  const headers: Record<string, string> = {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    etag: script.etag,
  };
  if (context.req.header('if-none-match') === script.etag) return new Response(null, { status: 304, headers });
  const takesBrotli = /(^|[\s,])br($|[\s,;])/.test(context.req.header('accept-encoding') ?? '');
  if (takesBrotli) headers['content-encoding'] = 'br';
  return new Response(takesBrotli ? script.brotli : script.plain, { status: 200, headers });
}
