import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../testing/open_console.ts';
import { type DeclaredRoute, declaredRoutes } from './allow.ts';
import type { Role } from './roles.ts';
import { SESSION_MS } from './session.ts';

/**
 * Who may ask what, as the console promises it: written here once more by hand, so that a declaration that changes has to
 * be meant. A route that is not here fails, and so does a line without a route.
 */
const EVERYONE = ['nobody', 'admin', 'analyst', 'privacy'] as const;
const PROMISED: Readonly<Record<string, readonly (Role | 'nobody')[]>> = {
  'GET /healthz': EVERYONE,
  // Whoever the addresses of `metricsFrom` let in; they hold no word of anybody.
  'GET /metrics': EVERYONE,
  'GET /openapi.json': EVERYONE,
  'GET /assets/console.css': EVERYONE,
  'GET /assets/live.js': EVERYONE,
  'GET /assets/fresh.js': EVERYONE,
  'GET /assets/icon.svg': EVERYONE,
  'GET /login': EVERYONE,
  'POST /login': EVERYONE,
  'POST /logout': EVERYONE,
  'GET /': ['admin', 'analyst', 'privacy'],
  'GET /reference': ['admin', 'analyst'],
  'GET /live': ['admin', 'analyst'],
  'GET /live/events': ['admin', 'analyst'],
  'GET /live/funnel': ['admin', 'analyst'],
  'GET /exempt': ['admin', 'analyst', 'privacy'],
  'GET /privacy': ['admin', 'privacy'],
  'POST /privacy': ['admin', 'privacy'],
  'POST /v1/login-links': ['admin', 'analyst', 'privacy'],
  'POST /v1/export': ['admin', 'analyst'],
  'POST /v1/snapshot': ['admin'],
  'POST /v1/retention': ['admin', 'privacy'],
  'POST /v1/subjects/find': ['admin', 'privacy'],
  'POST /v1/subjects/export': ['admin', 'privacy'],
  'POST /v1/subjects/erase': ['admin', 'privacy'],
  'POST /v1/query': ['admin', 'analyst'],
  'POST /v1/reports/funnel': ['admin', 'analyst'],
};

let console: TestConsole;
const cookies = {} as Record<Role | 'expired' | 'revoked', string>;

beforeAll(async () => {
  console = await openConsole();
  console.clock.nowMs -= SESSION_MS + 1;
  cookies.expired = await console.signIn('admin');
  console.clock.nowMs += SESSION_MS + 1;
  for (const role of ['admin', 'analyst', 'privacy'] as const) cookies[role] = await console.signIn(role);
});
afterAll(() => console.close());

/** Every route of the router itself: what is mounted is tested. */
const router = await openConsole();
const ROUTES = declaredRoutes(router.app);
await router.close();

const name = ({ method, path }: DeclaredRoute): string => `${method} ${path}`;

it('has a promise for every route, and a route for every promise', () => {
  expect(ROUTES.map(name).sort()).toEqual(Object.keys(PROMISED).sort());
});

async function ask({ method, path }: DeclaredRoute, headers: Record<string, string>): Promise<Response> {
  const body = method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json', ...headers } } : {};
  const answer = await console.request(path, { method, headers, ...body });
  // A stream would go on.
  await answer.body?.cancel();
  return answer;
}

/** What a refusal looks like: pages lead to the sign-in, interfaces say it in JSON. */
function expectRefused(route: DeclaredRoute, answer: Response, status: 401 | 403): void {
  if (route.kind === 'page' && status === 401) {
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toMatch(/^\/login/);
    return;
  }
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(route.kind === 'page' ? /html/ : /json/);
}

/** Let through: whatever the route answers then, it is no refusal, and no way to the sign-in for whoever is signed in. */
function expectLetIn(route: DeclaredRoute, answer: Response): void {
  // The sign-in has been asked without a secret.
  expect(name(route) === 'POST /login' ? [403] : [200, 302, 303, 400]).toContain(answer.status);
  if (route.kind !== 'open') expect(answer.headers.get('location')).toBeNull();
}

describe.each(ROUTES.map((route) => [name(route), route] as const))('%s', (key, route) => {
  const promised = PROMISED[key] ?? [];

  it.each(['admin', 'analyst', 'privacy'] as const)('as %s, by session and by bearer', async (role) => {
    for (const headers of [{ cookie: cookies[role] }, { authorization: `Bearer secret-of-${role}` }]) {
      const isSession = 'cookie' in headers;
      // The end of a session is asked last of all, by a session of its own.
      const cookie = isSession && key === 'POST /logout' ? { cookie: await console.signIn(role) } : headers;
      const answer = await ask(route, { ...cookie, 'sec-fetch-site': 'same-origin' } as Record<string, string>);
      if (promised.includes(role)) expectLetIn(route, answer);
      else expectRefused(route, answer, 403);
    }
  });

  it.each<[string, () => Record<string, string>]>([
    ['nobody', () => ({})],
    ['a wrong secret', () => ({ authorization: 'Bearer secret-of-nobody' })],
    ['another scheme', () => ({ authorization: 'Basic c2VjcmV0LW9mLWFkbWlu' })],
    ['an expired session', () => ({ cookie: cookies.expired })],
    ['a forged session', () => ({ cookie: cookies.admin.replace(/.{6}$/, 'AAAA%3D') })],
  ])('as %s', async (_, headers) => {
    const answer = await ask(route, { ...headers(), 'sec-fetch-site': 'same-origin' });
    if (promised.includes('nobody')) expectLetIn(route, answer);
    else expectRefused(route, answer, 401);
  });

  it('as one whose secret was revoked, by session and by bearer', async () => {
    const cookie = await console.signIn('analyst');
    console.revoke('analyst');
    try {
      for (const headers of [{ cookie }, { authorization: 'Bearer secret-of-analyst' }]) {
        const answer = await ask(route, { ...headers, 'sec-fetch-site': 'same-origin' } as Record<string, string>);
        if (promised.includes('nobody')) expectLetIn(route, answer);
        else expectRefused(route, answer, 401);
      }
    } finally {
      console.restore('analyst');
    }
  });

  it('sends a session’s own request only, where it changes something', async () => {
    if (route.method === 'GET' || key === 'POST /login' || !promised.includes('admin')) return;
    const cookie = key === 'POST /logout' ? await console.signIn('admin') : cookies.admin;
    const headers = {
      cookie,
      'sec-fetch-site': 'cross-site',
      'content-type': 'text/plain',
      origin: 'https://evil.example',
    };
    const answer = await console.request(route.path, { method: route.method, headers, body: '{}' });
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'cross_site' } }]);
  });
});

it('stops at a route that does not say who may ask it', async () => {
  const { app, close } = await openConsole();
  app.get('/forgotten', (context) => context.text('open to everybody'));
  expect(() => declaredRoutes(app)).toThrow('GET /forgotten does not declare who may ask it');
  await close();
});
