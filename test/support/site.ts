import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { ROOT } from './child.ts';
import { freePort } from './free_port.ts';

/** A bare site with the snippet on every page, for tests that need a page and not a shop. */
export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly port?: number;
  readonly collector: string;
  /** More attributes of the script tag. */
  readonly attributes?: string;
  /** Address of the script. Default `/p.js` of the collector. */
  readonly script?: string;
  /** What follows the snippet, as script text. */
  readonly code?: string;
  /** Content-Security-Policy; `NONCE` in it becomes the page's nonce. */
  readonly policy?: string;
}

/** The stub as it is published, for inlining. */
export const readStub = (): Promise<string> => readFile(join(ROOT, 'packages/sdk/dist/stub.js'), 'utf8');

/** Serves every path as a page titled by its path, with links to `/a` and `/b`. */
export async function startSite({
  port,
  collector,
  attributes = '',
  script = `${collector}/p.js`,
  code = '',
  policy,
}: SiteOptions): Promise<Site> {
  const stub = await readStub();
  const nonce = 'bm9uY2Utb2YtdGhlLXBhZ2U';
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (policy) response.setHeader('content-security-policy', policy.replaceAll('NONCE', `'nonce-${nonce}'`));
    response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page ${pathname}</title>
<link rel="icon" href="data:,">
<script nonce="${nonce}">${stub}</script>
<script nonce="${nonce}" async src="${script}" data-site="shop" data-key="pk_demo" ${attributes}></script>
<script nonce="${nonce}">${code}</script></head>
<body><main><h1>${pathname}</h1><a href="/a">A</a> <a href="/b">B</a></main></body></html>`);
  });
  const listening = port ?? (await freePort());
  await new Promise<void>((resolve) => server.listen(listening, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${listening}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
