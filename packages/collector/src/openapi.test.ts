import { documentFaults } from '@parcours/protocol/openapi/testing';
import { afterEach, expect, it } from 'vitest';
import { collectorDocument } from './document.ts';
import { collectorOpenApi } from './openapi.ts';
import { type OpenedCollector, openCollector } from './testing/open_collector.ts';

let opened: OpenedCollector;
afterEach(() => opened.close());

const SCRIPTS = [{ version: '1.0.0', file: 'p.js', bytes: new TextEncoder().encode('x()') }];

it('describes every route, and the published document is the one that the routes make', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS });
  const document = collectorOpenApi(opened.collector);
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/reference/openapi/collector.json',
  );
});

it('describes the paths of your own as well', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS, scriptPath: '/shop/a.js', endpointPath: '/shop/in' });
  expect(Object.keys(collectorOpenApi(opened.collector).paths)).toEqual(
    expect.arrayContaining(['/shop/in', '/shop/link', '/shop/{script}', '/shop/v/{version}/integrity.json']),
  );
});

it('describes a collector that runs elsewhere as that describes itself', async () => {
  const own = { scriptPath: '/shop/a.js', endpointPath: '/shop/in' };
  opened = await openCollector('hono', { scripts: SCRIPTS, ...own });
  expect(collectorDocument(own)).toEqual(collectorOpenApi(opened.collector));
});

it('is valid OpenAPI 3.1, and its examples are as its schemas say', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS, scriptPath: '/shop/a.js', endpointPath: '/shop/in' });
  expect(await documentFaults(collectorOpenApi(opened.collector))).toEqual([]);
});

it('has no document for a route that describes nothing', async () => {
  opened = await openCollector('hono');
  opened.collector.get('/secret', (context) => context.text('?'));
  expect(() => collectorOpenApi(opened.collector)).toThrow('GET /secret');
});

it('gives its document to any page, and spares it where it is known', async () => {
  opened = await openCollector('hono');
  const response = await opened.request('/openapi.json', { headers: { origin: 'https://elsewhere.example' } });
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(collectorOpenApi(opened.collector))));
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
  const headers = { 'if-none-match': response.headers.get('etag') as string };
  expect((await opened.request('/openapi.json', { headers })).status).toBe(304);
});
