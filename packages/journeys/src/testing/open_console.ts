import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedFetch } from '@parcours/protocol/openapi/testing';
import { createSubjects, type Engine, openDuckDb } from '@parcours/store';
import type { ConsoleSecrets, Role } from '../access/roles.ts';
import { createJourneys, type JourneysOptions } from '../app.tsx';
import type { Journeys } from '../env.ts';
import { createLiveFeed, type LiveFeed } from '../live/feed.ts';
import { consoleOpenApi } from '../openapi.ts';
import { NOTHING_CHOSEN } from './no_privacy.ts';

/**
 * A console over an empty engine, with a secret for each role: the secret of `admin` is `secret-of-admin`. Every answer is held
 * to the OpenAPI document of its routes, and one that differs fails the test that asked.
 */
export interface TestConsole {
  readonly app: Journeys;
  readonly engine: Engine;
  readonly feed: LiveFeed;
  /** Ms since the epoch that the console reads. */
  readonly clock: { nowMs: number };
  revoke(role: Role): void;
  restore(role: Role): void;
  /** A request as a browser on this machine sends it. */
  request(path: string, init?: RequestInit & { readonly headers?: Record<string, string> }): Promise<Response>;
  /** The Cookie header of a browser that signed in. */
  signIn(role: Role): Promise<string>;
  close(): Promise<void>;
}

export const HOST = '127.0.0.1:8788';
export const ORIGIN = `http://${HOST}`;

export async function openConsole({
  onAnswer,
  ...options
}: Partial<JourneysOptions> & {
  /** Told every answer by its name: `query 200`. */
  readonly onAnswer?: (seen: string) => void;
} = {}): Promise<TestConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-journeys-'));
  const engine = await openDuckDb({ path: join(folder, 'p.duckdb'), folder });
  const feed = createLiveFeed();
  const revoked = new Set<Role>();
  const clock = { nowMs: Date.now() };
  const find = (role: string) => (isRole(role) && !revoked.has(role) ? { id: `id-of-${role}`, role } : undefined);
  const secrets: ConsoleSecrets = {
    holderOf: (secret) => find(secret.replace(/^secret-of-/, '')),
    holderWithId: (id) => find(id.replace(/^id-of-/, '')),
  };
  const key = new Uint8Array(32).fill(1);
  const subjects = createSubjects({
    engine,
    drain: async () => undefined,
    control: join(folder, 'control'),
    receipts: join(folder, 'receipts'),
    audit: join(folder, 'audit'),
    writer: 'reader',
    keys: { receipts: key, join: key, signing: key },
    logDays: 7,
    retentionOf: () => ({ events_days: 395 }),
  });
  const app = createJourneys({
    engine,
    subjects,
    feed,
    auth: { secrets, sessionKey: 'a key of this test' },
    instance: 'one',
    version: '0.0.0-test',
    metrics: { text: async () => '', mayRead: () => true },
    retention: { run: async () => ({ rows: [] }) },
    privacy: NOTHING_CHOSEN,
    now: () => clock.nowMs,
    ...options,
  });
  app.request = checkedFetch(app, consoleOpenApi, app.request as never, onAnswer) as never;
  const request: TestConsole['request'] = async (path, init = {}) =>
    app.request(`${ORIGIN}${path}`, { ...init, headers: { host: HOST, ...init.headers } });
  return {
    app,
    engine,
    feed,
    clock,
    request,
    revoke: (role) => void revoked.add(role),
    restore: (role) => void revoked.delete(role),
    async signIn(role) {
      const answer = await request('/login', postForm({ secret: `secret-of-${role}` }));
      const cookie = cookieOf(answer);
      if (cookie === undefined) throw new Error(`no session: ${answer.status}`);
      return cookie;
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A form as a page of the console sends it. */
export const postForm = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
});

/** What a browser sends back of an answer's session cookie; undefined where it sets none. */
export const cookieOf = (answer: Response): string | undefined =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('parcours_session'))
    ?.split(';', 1)[0];

const isRole = (text: string): text is Role => text === 'admin' || text === 'analyst' || text === 'privacy';
