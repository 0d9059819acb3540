import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type OpenApi, operationsOf } from '@parcours/protocol/openapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleOpenApi } from '../../openapi.ts';
import { openConsole, type TestConsole } from '../../testing/open_console.ts';
import { curlOf } from './curl.ts';
import { referenceText } from './reference_text.ts';

let console: TestConsole;
let document: OpenApi;
beforeAll(async () => {
  const { default: collector } = await import('../../../../../docs/reference/openapi/collector.json');
  console = await openConsole({ collector: () => collector as unknown as OpenApi });
  document = consoleOpenApi(console.app);
});
afterAll(() => console.close());

const read = async (lang: 'en' | 'fr' = 'en'): Promise<string> => {
  const headers = { authorization: 'Bearer secret-of-analyst' };
  const answer = await console.request(`/reference?lang=${lang}`, { headers });
  expect(answer.status).toBe(200);
  return answer.text();
};

it.each(['en', 'fr'] as const)(
  'shows every operation and schema of both documents in %s, without a script',
  async (lang) => {
    const page = await read(lang);
    expect(page).toContain(`<h1>${referenceText[lang].title}</h1>`);
    for (const { operation } of operationsOf(document)) expect(page).toContain(`id="console-${operation.operationId}"`);
    for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="console-schema-${name}"`);
    for (const id of ['collector-sendEvents', 'collector-issueLinkToken', 'collector-schema-Batch']) {
      expect(page).toContain(`id="${id}"`);
    }
    expect(page).not.toMatch(/<script|style=|undefined|\[object Object\]/);
  },
);

it('tells once what many routes share, and links to it', async () => {
  const page = await read();
  const { responses, headers } = document.components;
  for (const name of Object.keys(responses)) expect(page).toContain(`id="console-answer-${name}"`);
  for (const name of Object.keys(headers)) expect(page).toContain(`id="console-header-${name}"`);
  expect(page).toContain('href="#console-answer-Error401"');
  // Of the console alone: the collector says it otherwise.
  const told = headers['x-request-id']?.description ?? 'nothing';
  expect(page.split(told)).toHaveLength(2);
});

it('leads nowhere but to what is there, and has each anchor once', async () => {
  const page = await read();
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
});

it('has every text in both languages', () => {
  expect(Object.keys(referenceText.fr)).toEqual(Object.keys(referenceText.en));
});

it('tells how to call an operation with curl, as a shell reads it', async () => {
  const asked: { method: string | undefined; url: string | undefined; headers: object; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sql = `SELECT 'it''s' AS "name" -- $HOME \`date\``;
  const query = document.paths['/v1/query']?.post;
  if (!query) throw new Error('no operation');
  const content = { 'application/json': { examples: { quotes: { value: { sql } } } } };
  const call = curlOf(origin, 'POST', '/v1/query', { ...query, requestBody: { required: true, content } });
  await promisify(execFile)('sh', ['-c', `${call} --silent`], { env: { ...process.env, SECRET: 's3cret' } });
  server.close();
  expect(asked).toMatchObject([
    {
      method: 'POST',
      url: '/v1/query',
      headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json' },
      body: JSON.stringify({ sql }),
    },
  ]);
});
