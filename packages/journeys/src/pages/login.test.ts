import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ONCE_LINK_MS } from '../access/once_links.ts';
import { SESSION_MS } from '../access/session.ts';
import { cookieOf, HOST, openConsole, postForm, type TestConsole } from '../testing/open_console.ts';
import { loginText } from './login_text.ts';

let console: TestConsole;
beforeAll(async () => {
  console = await openConsole({ publicOrigin: 'https://console.shop.example' });
});
afterAll(() => console.close());
beforeEach(() => {
  // The wrong secrets of a test before do not count.
  console.clock.nowMs += 60_000;
});

const signIn = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  console.request('/login', postForm(fields, headers));
const statusWith = async (cookie: string): Promise<number> =>
  (await console.request('/live/funnel', { headers: { cookie } })).status;

it('signs in by form, for twelve hours, with a cookie that no script and no other site gets', async () => {
  const answer = await signIn({ secret: ' secret-of-analyst ', next: '/live?lang=fr' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/live?lang=fr']);
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^parcours_session_[0-9a-f]{8}=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(decodeURIComponent(cookie)).not.toContain('secret-of');
  const session = cookieOf(answer) as string;
  console.clock.nowMs += SESSION_MS - 1;
  expect(await statusWith(session)).toBe(200);
  console.clock.nowMs += 1;
  expect(await statusWith(session)).toBe(401);
});

it('is Secure behind the front that serves it by https, and nowhere else', async () => {
  const behind = await signIn({ secret: 'secret-of-admin' }, { host: 'console.shop.example' });
  expect(behind.headers.getSetCookie()[0]).toContain('; Secure');
  const claimed = await signIn({ secret: 'secret-of-admin' }, { host: HOST, 'x-forwarded-proto': 'https' });
  expect(claimed.headers.getSetCookie()[0]).not.toContain('Secure');
});

it('takes a session of before a restart, and none after its secret is revoked', async () => {
  const cookie = await console.signIn('privacy');
  const again = await openConsole();
  const headers = { cookie };
  expect((await again.request('/', { headers })).status).toBe(200);
  again.revoke('privacy');
  const refused = await again.request('/', { headers });
  expect(refused.headers.get('location')).toBe('/login?why=ended');
  await again.close();
  const otherSecrets = await openConsole({
    auth: {
      sessionKey: 'another',
      secrets: { holderOf: () => undefined, holderWithId: () => ({ id: 'x', role: 'admin' }) },
    },
  });
  expect((await otherSecrets.request('/', { headers })).status).toBe(302);
  await otherSecrets.close();
});

it('signs out this browser and every copy of its cookie', async () => {
  const cookie = await console.signIn('admin');
  const other = await console.signIn('admin');
  const answer = await console.request('/logout', postForm({}, { cookie }));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?why=out']);
  expect(answer.headers.getSetCookie()[0]).toContain('Max-Age=0');
  expect(await statusWith(cookie)).toBe(401);
  expect(await statusWith(other)).toBe(200);
});

it.each(['en', 'fr'] as const)('tells in %s what is wrong', async (language) => {
  for (const [secret, said] of [
    ['', loginText[language].empty],
    ['secret-of-nobody', loginText[language].wrong],
  ] as const) {
    const answer = await console.request(`/login?lang=${language}`, postForm({ secret, next: '/live' }));
    expect([answer.status, cookieOf(answer)]).toEqual([403, undefined]);
    const page = await answer.text();
    expect(page).toContain(said);
    expect(page).toContain('name="next" value="/live"');
    expect(page).not.toContain('secret-of');
  }
});

it('takes ten wrong secrets a minute from one client, and then not even the right one', async () => {
  const from = { host: 'console.shop.example', 'x-forwarded-for': '203.0.113.7, 198.51.100.1' };
  for (let i = 0; i < 10; i++) expect((await signIn({ secret: `guess-${i}` }, from)).status).toBe(403);
  const refused = await signIn({ secret: 'secret-of-admin' }, from);
  expect([refused.status, refused.headers.get('retry-after'), cookieOf(refused)]).toEqual([429, '60', undefined]);
  // The entry before the last is the client's own word.
  const lying = { ...from, 'x-forwarded-for': '192.0.2.9, 198.51.100.1' };
  expect((await signIn({ secret: 'secret-of-admin' }, lying)).status).toBe(429);
  expect((await signIn({ secret: 'secret-of-admin' })).status).toBe(303);
  console.clock.nowMs += 60_000;
  expect((await signIn({ secret: 'secret-of-admin' }, from)).status).toBe(303);
});

it('takes a hundred wrong secrets a minute from all clients together', async () => {
  for (let i = 0; i < 100; i++) {
    const from = { host: 'console.shop.example', 'x-forwarded-for': `203.0.113.${i}` };
    expect((await signIn({ secret: 'guess' }, from)).status).toBe(403);
  }
  expect((await signIn({ secret: 'secret-of-admin' })).status).toBe(429);
});

it.each<[string, Record<string, string>, number]>([
  ['a page elsewhere', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['a page elsewhere on this machine', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }, 403],
  ['an older browser, by origin', { 'sec-fetch-site': '', origin: `http://${HOST}` }, 303],
  ['an older browser behind the front', { 'sec-fetch-site': '', origin: 'https://console.shop.example' }, 303],
])('signs nobody in for another site: %s', async (_, headers, status) => {
  expect((await signIn({ secret: 'secret-of-admin' }, headers)).status).toBe(status);
});

it.each([
  ['/live', '/live'],
  ['/live?a=1&b=/x', '/live?a=1&b=/x'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/.//evil.example', '/'],
  ['/%2e//evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/\t/evil.example', '/'],
  ['/login?once=x', '/'],
  ['', '/'],
])('goes on to %j as %j', async (next, location) => {
  const answer = await signIn({ secret: 'secret-of-admin', next });
  expect(answer.headers.get('location')).toBe(location);
});

it('leads back to the page that was asked', async () => {
  const answer = await console.request('/live?x=1');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/login?next=%2Flive%3Fx%3D1']);
});

it('asks a page once more from here where a link elsewhere led to it without the cookie', async () => {
  const answer = await console.request('/live', { headers: { 'sec-fetch-site': 'cross-site' } });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('http-equiv="refresh" content="0;url=/live"');
});

async function mint(role = 'analyst'): Promise<string> {
  const headers = { authorization: `Bearer secret-of-${role}` };
  const answer = await console.request('/v1/login-links', { method: 'POST', headers });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const { url } = (await answer.json()) as { url: string };
  expect(url).toMatch(/^https:\/\/console\.shop\.example\/login\?once=[\w-]{43}$/);
  return new URL(url).pathname + new URL(url).search;
}

it('lets no session outlive its twelve hours by a link that it asked for', async () => {
  const cookie = await console.signIn('analyst');
  console.clock.nowMs += SESSION_MS - 60_000;
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const made = await console.request('/v1/login-links', { method: 'POST', headers });
  const { pathname, search } = new URL(((await made.json()) as { url: string }).url);
  const signedIn = await console.request(`${pathname}${search}`);
  expect(signedIn.status).toBe(303);
  expect(signedIn.headers.get('set-cookie')).toContain('Max-Age=60;');
  const again = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] as string, accept: 'text/html' };
  expect((await console.request('/', { headers: again })).status).toBe(200);
  console.clock.nowMs += 61_000;
  expect((await console.request('/', { headers: again })).status).toBe(302);
});

it('signs in once by a link, as whoever asked for it, and tells its address to nobody', async () => {
  const path = await mint();
  const answer = await console.request(path);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  expect(await statusWith(cookieOf(answer) as string)).toBe(200);
  expect((await console.request('/', { headers: { cookie: cookieOf(answer) as string } })).status).toBe(200);
  const again = await console.request(path);
  expect([again.headers.get('location'), cookieOf(again)]).toEqual(['/login?why=used', undefined]);
  const page = await (await console.request('/login?why=used&lang=en')).text();
  expect(page).toContain(loginText.en.used);
});

it('voids a link after ten minutes, and with its secret', async () => {
  const late = await mint();
  console.clock.nowMs += ONCE_LINK_MS;
  expect(cookieOf(await console.request(late))).toBeUndefined();
  const revoked = await mint('privacy');
  console.revoke('privacy');
  expect(cookieOf(await console.request(revoked))).toBeUndefined();
  console.restore('privacy');
});

it('keeps a link for the person where the browser only looks ahead', async () => {
  const path = await mint();
  const ahead = await console.request(path, { headers: { 'sec-purpose': 'prefetch;prerender' } });
  expect([ahead.status, cookieOf(ahead)]).toEqual([503, undefined]);
  expect(cookieOf(await console.request(path))).toBeDefined();
});

it('has every text in both languages', () => {
  expect(Object.keys(loginText.fr)).toEqual(Object.keys(loginText.en));
});
