import { afterAll, beforeAll, expect, it } from 'vitest';
import { frameText } from './pages/frame_text.ts';
import { liveText } from './pages/live_text.ts';
import { openConsole, type TestConsole } from './testing/open_console.ts';

let console: TestConsole;
let cookie: string;
beforeAll(async () => {
  console = await openConsole();
  cookie = await console.signIn('analyst');
});
afterAll(() => console.close());

it.each(['evil.example', 'localhost.evil.example', '', '127.0.0.1.evil.example:8788'])(
  'answers nothing to the host name "%s"',
  async (name) => {
    expect((await console.request('/healthz', { headers: { host: name } })).status).toBe(403);
  },
);

it.each(['en', 'fr'] as const)(
  'shows the live page in %s, by address, by the browser, or as chosen before',
  async (language) => {
    for (const response of [
      await console.request(`/live?lang=${language}`, { headers: { cookie } }),
      await console.request('/live', { headers: { cookie, 'accept-language': `${language}-CH,de;q=0.5` } }),
      await console.request('/live', { headers: { cookie: `${cookie}; parcours_language=${language}` } }),
    ]) {
      const page = await response.text();
      expect(page).toMatch(/^<!doctype html>/);
      expect(page).toContain(`<html lang="${language}">`);
      expect(page).toContain(`<h1>${liveText[language].title}</h1>`);
      const policy = response.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  },
);

it('has every text in both languages', () => {
  expect(Object.keys(liveText.fr)).toEqual(Object.keys(liveText.en));
  expect(Object.keys(frameText.fr)).toEqual(Object.keys(frameText.en));
});

it('remembers the language that was chosen', async () => {
  const answer = await console.request('/login?lang=fr');
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^parcours_language=fr; Max-Age=31536000; Path=\/; SameSite=Lax$/),
  ]);
});

it('shows whoever asks only the pages that they may open', async () => {
  const links = async (role: 'admin' | 'privacy') => {
    const page = await (await console.request('/', { headers: { cookie: await console.signIn(role) } })).text();
    return [...page.matchAll(/<a href="(\/[a-z]*)"/g)].map(([, path]) => path);
  };
  expect(await links('admin')).toContain('/live');
  expect(await links('privacy')).not.toContain('/live');
});

it('tells in the page’s own frame that there is no such page, and an interface in JSON', async () => {
  const page = await console.request('/nowhere', { headers: { cookie, accept: 'text/html,*/*' } });
  expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('<nav class="pages"')]);
  const api = await console.request('/v1/nowhere');
  expect([api.status, await api.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
});

const query = (body: unknown, authorization?: string) =>
  console.request('/v1/query', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });

it('answers a SELECT to whoever holds the secret, and to nobody else', async () => {
  expect((await query({ sql: 'SELECT 1' })).status).toBe(401);
  expect((await query({ sql: 'SELECT 1' }, 'Bearer wrong')).status).toBe(401);
  const answer = await query({ sql: 'SELECT 1 AS one' }, 'Bearer secret-of-analyst');
  expect(await answer.json()).toMatchObject({ columns: [{ name: 'one' }], rows: [[1]], truncated: false });
});

it.each([
  [{}, 'sql'],
  [{ sql: '' }, 'sql'],
  [{ sql: 'SELECT 1', maxRows: 0 }, 'maxRows'],
  [{ sql: 'SELECT 1', limit: 3 }, 'limit'],
])('names what is wrong with %j', async (body, field) => {
  const answer = await query(body, 'Bearer secret-of-analyst');
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toContain(field);
});

it('passes on why the engine refused', async () => {
  const answer = await query({ sql: 'DROP TABLE events' }, 'Bearer secret-of-analyst');
  expect(await answer.json()).toMatchObject({ error: { code: 'not_a_select' } });
});

it('streams what is published, after what is there already', async () => {
  const response = await console.request('/live/events', { headers: { cookie } });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toContain('"lines":[]');
  console.feed.publish({
    v: 1,
    kind: 'batch',
    site: 'shop',
    source: 'web',
    received_at: '2026-11-22T10:00:00.000Z',
    sent_at: '2026-11-22T10:00:00.000Z',
    sdk: '0.1.0',
    client: { bot: false },
    stamps: [],
    events: [{ event_id: 'e', type: 'page_view', occurred_at: '2026-11-22T10:00:00.000Z', stamp: 0, path: '/boots' }],
  });
  expect(await read()).toContain('"type":"page_view","decision":"accepted","detail":"/boots"');
  await reader.cancel();
});

it('ends a stream with the session that it belongs to', async () => {
  const session = await console.signIn('admin');
  const response = await console.request('/live/events', { headers: { cookie: session } });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  console.revoke('admin');
  expect((await reader.read()).done).toBe(true);
  console.restore('admin');
});
