import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ROOT } from '../../support/child.ts';
import { readStub } from '../../support/site.ts';

/** Pages with the tracker, which stay up whatever becomes of the collector: the script too is the shop's own. */
export interface Shop {
  readonly origin: string;
  /** What went wrong in the pages and nobody caught. */
  readonly faults: readonly string[];
  /** Scripts that pages asked for: from which, and whether it was loaded ahead. */
  readonly scripts: readonly { readonly path: string; readonly isAhead: boolean }[];
  /** What runs on every page before anything of ours. Default nothing. */
  setCode(code: string): void;
  close(): Promise<void>;
}

/** Every path is a page titled by its path, with links to `a`, `b` and to `/outside`, which is a page without the tracker. */
export async function startShop({
  port,
  endpoint,
}: {
  readonly port: number;
  /** Where the pages send. */
  readonly endpoint: string;
}): Promise<Shop> {
  const [stub, script] = await Promise.all([readStub(), readFile(join(ROOT, 'packages/sdk/dist/p.js'), 'utf8')]);
  const faults: string[] = [];
  const scripts: { path: string; isAhead: boolean }[] = [];
  let code = '';
  const page = (
    path: string,
  ): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${path}</title>
<link rel="icon" href="data:,"><script>
for (const type of ['error', 'unhandledrejection'])
  addEventListener(type, (event) => navigator.sendBeacon('/fault', type + ' ' + (event.message ?? event.reason)));
${code}</script>${
    path === '/outside'
      ? ''
      : `<script>${stub}</script>
<script>parcours.consent({ audience: true });</script>
<script async src="/p.js" data-site="shop" data-key="pk_demo" data-endpoint="${endpoint}"></script>`
  }</head>
<body><main><h1>${path}</h1><a href="/a">A</a> <a href="/b">B</a> <a href="/outside">Outside</a></main></body></html>`;

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://shop');
    if (pathname === '/p.js') {
      const { referer, 'sec-purpose': purpose } = request.headers;
      // The whole address, since both are of one origin.
      const { pathname: path } = new URL(referer ?? '/', 'http://shop');
      scripts.push({ path, isAhead: `${purpose}`.includes('prerender') });
      response.setHeader('content-type', 'text/javascript').end(script);
    } else if (pathname === '/fault') {
      for await (const text of request) faults.push(`${text}`);
      response.end();
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(page(pathname));
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve));
  return {
    origin: `http://localhost:${port}`,
    faults,
    scripts,
    setCode(next) {
      code = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
