import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { described, type Operation, type Value } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { PUBLIC_FILE } from '../openapi.ts';
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
    const operations = operationsAt(folder, stem);
    const serve = (path: string, script: Served, cacheControl: string, operation: Operation): void => {
      app.get(
        `${folder}/${path}`,
        described(operation, (context: Context) => send(context, script, cacheControl)),
      );
    };

    for (const script of newest) serve(nameOf(script), script, LATEST, operations.latest);
    for (const script of prepared) serve(`v/${pinnedNameOf(script)}`, script, FOR_EVER, operations.pinned);
    if (newest.length > 0) serve('v/integrity.json', integrityOf(newest, pinnedNameOf), LATEST, operations.integrity);
    for (const version of new Set(scripts.map((script) => script.version))) {
      const ofVersion = prepared.filter((script) => script.version === version);
      serve(`v/${version}/integrity.json`, integrityOf(ofVersion, nameOf), FOR_EVER, operations.integrityOfVersion);
    }
  }
}

/** The routes beside one place of `p.js`, as their reader sees them: one for all scripts, one for all versions. */
function operationsAt(
  folder: string,
  stem: string,
): Record<'latest' | 'pinned' | 'integrity' | 'integrityOfVersion', Operation> {
  const suffix = folder === '' && stem === 'p' ? '' : 'AtOwnPath';
  const script: Value = {
    description: 'Name of the script.',
    schema: z.string().regex(new RegExp(`^${stem.replaceAll('.', '\\.')}(\\.[a-z0-9-]+)*\\.js$`)),
    example: `${stem}.js`,
  };
  const version: Value = {
    description: 'Version of the script.',
    schema: z.string().regex(/^\d+\.\d+\.\d+[0-9A-Za-z.+-]*$/),
    example: '1.0.0',
  };
  const headers = {
    ...PUBLIC_FILE,
    vary: {
      description: 'Compressed where the browser takes it.',
      schema: z.literal('accept-encoding'),
      required: true,
    },
  };
  const answers = (description: string, type: string, schema?: z.ZodType): Operation['answers'] => ({
    200: {
      description,
      type,
      ...(schema && { schema }),
      headers: {
        ...headers,
        'content-encoding': { description: 'There where the bytes are compressed.', schema: z.literal('br') },
      },
    },
    304: { description: 'The bytes that the browser has are still the same.', headers },
  });
  const shared = {
    tag: 'scripts',
    inHeaders: {
      'if-none-match': { description: 'Marks of the bytes that are there already.' },
      'accept-encoding': { description: 'Compressed with Brotli where this holds `br`.' },
    },
  };
  const integrity = z
    .record(z.string(), z.string().regex(/^sha384-[A-Za-z0-9+/]{64}$/))
    .meta({ id: 'Integrity', description: 'sha384 of each script, by its address relative to this one.' });
  const javascript = answers('The script.', 'text/javascript');
  const sums = answers('The sums.', 'application/json', integrity);
  return {
    latest: {
      ...shared,
      id: `getScript${suffix}`,
      path: `${folder}/{script}`,
      summary: 'The newest version of a script',
      inPath: { script },
      answers: javascript,
      errors: ['not_found'],
    },
    pinned: {
      ...shared,
      id: `getScriptOfVersion${suffix}`,
      path: `${folder}/v/{version}/{script}`,
      summary: 'One version of a script, the same bytes for ever',
      inPath: { version, script },
      answers: javascript,
      errors: ['not_found'],
    },
    integrity: {
      ...shared,
      id: `getIntegrity${suffix}`,
      path: `${folder}/v/integrity.json`,
      summary: 'The sha384 of every script of the newest version, for the attribute `integrity`',
      answers: sums,
    },
    integrityOfVersion: {
      ...shared,
      id: `getIntegrityOfVersion${suffix}`,
      path: `${folder}/v/{version}/integrity.json`,
      summary: 'The sha384 of every script of one version',
      inPath: { version },
      answers: sums,
      errors: ['not_found'],
    },
  };
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
  headers['content-type'] = `${type}; charset=utf-8`;
  if (compressed) headers['content-encoding'] = 'br';
  return new Response(compressed ?? bytes, { status: 200, headers });
}
