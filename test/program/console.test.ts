import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';

const guide = readGuide('docs/operate/console.md');
const PARCOURS = { parcours: 'node packages/parcours/dist/bin.js' };

/** A command of the guide, on the data folder of a program; its standard output. */
async function run({ data }: Program, command: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = startChild('sh', ['-c', command], { env: { DATA: data, ...env } });
  expect([(await child.ended).code, child.output()]).toEqual([0, expect.anything()]);
  return child.output();
}

test('the guide signs in by link, makes a secret, and asks with it', async () => {
  const program = await startProgram();
  try {
    const link = (await run(program, guide.block('login', PARCOURS))).trim();
    expect(link).toMatch(new RegExp(`^${program.console}/login\\?once=[\\w-]{43}$`));
    const signedIn = await fetch(link, { redirect: 'manual' });
    const [cookie = ''] = signedIn.headers.getSetCookie();
    expect([signedIn.status, cookie]).toEqual([303, expect.stringContaining('; HttpOnly; SameSite=Strict')]);
    expect((await fetch(link, { redirect: 'manual' })).headers.get('location')).toBe('/login?why=used');

    const shown = await run(program, guide.block('secret', PARCOURS));
    const [, key = '', secret = ''] = shown.match(/\(([\w-]+)[,)][\s\S]*?^ {2}(\S+)$/m) ?? [];
    await postEvents(program.collector, [anEvent()]);
    await program.rowsWhen('SELECT 1 FROM events', (rows) => rows.length === 1);
    const question = { method: 'POST', headers: { authorization: `Bearer ${secret}` }, body: '{"sql":"SELECT 1"}' };
    const isKnown = async (): Promise<boolean> => (await fetch(`${program.console}/v1/query`, question)).ok;
    await until(isKnown, 'the secret is in force, a second later at most');
    const asked = guide.block('ask', { 'http://127.0.0.1:8788': program.console });
    expect(JSON.parse(await run(program, asked, { PARCOURS_SECRET: secret }))).toMatchObject({
      rows: [['page_view', 1]],
    });

    const form = { method: 'POST', body: new URLSearchParams({ secret }), redirect: 'manual' } as const;
    const byForm = await fetch(`${program.console}/login`, { ...form, headers: { origin: program.console } });
    const session = byForm.headers.getSetCookie()[0]?.split(';', 1)[0] as string;
    const overview = () => fetch(program.console, { headers: { cookie: session }, redirect: 'manual' });
    expect((await overview()).status).toBe(200);
    await run(program, `node packages/parcours/dist/bin.js key revoke ${key}`);
    await until(async () => (await overview()).status === 302, 'the session ends with its secret');
    expect((await overview()).headers.get('location')).toBe('/login?why=ended');
  } finally {
    await program.stop();
  }
});

test('behind the front of the guide sessions are Secure, and no other name is served', async () => {
  const program = await startProgram({ config: JSON.parse(guide.block('front')) });
  try {
    const answerTo = async (host: string, path: string): Promise<IncomingMessage> => {
      const [answer] = await once(request(`${program.console}${path}`, { headers: { host } }).end(), 'response');
      return answer.resume();
    };
    const link = (await run(program, guide.block('login', PARCOURS))).trim();
    expect(link).toMatch(/^https:\/\/console\.shop\.example\/login\?once=/);
    const { pathname, search } = new URL(link);
    expect((await answerTo('evil.example', pathname + search)).statusCode).toBe(403);
    const signedIn = await answerTo('console.shop.example', pathname + search);
    expect([signedIn.statusCode, signedIn.headers['set-cookie']?.[0]]).toEqual([
      303,
      expect.stringContaining('; Secure'),
    ]);
  } finally {
    await program.stop();
  }
});
