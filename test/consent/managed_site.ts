import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../support/child.ts';

/** Where packages lie: the workspace's own, and the example shop's. */
const MODULES = [join(ROOT, 'node_modules'), join(ROOT, 'examples/shop/node_modules')];

/** A site whose every path is one page, and whose `/npm/` are the files of packages. */
export interface ManagedSite {
  readonly origin: string;
  /** From now on every page has this head. */
  serve(head: string): void;
  stop(): Promise<void>;
}

export async function startManagedSite(): Promise<ManagedSite> {
  let head = '';
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const [, name = ''] = /^\/npm\/([\w@./-]+)$/.exec(pathname) ?? [];
    const file = MODULES.map((folder) => join(folder, name)).find(
      (path) => name && !name.includes('..') && existsSync(path),
    );
    if (file) {
      response.setHeader('content-type', file.endsWith('.css') ? 'text/css' : 'text/javascript; charset=utf-8');
      createReadStream(file).pipe(response);
      return;
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Boots</title><link rel="icon" href="data:,">${head}</head><body><main><h1>Boots</h1></main></body></html>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve: (next) => {
      head = next;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
