import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyHash } from '@parcours/protocol/policy';
import { afterEach, expect, it } from 'vitest';
import { type Installation, openInstallation, PHONE } from '../doctor/testing/installation.ts';

/** Whoever has every file tries every 32 bytes of them as the salt of a mark: as they lie, and as hex or base64 would write them. */
async function saltIn(folder: string, told: string, mark: string): Promise<boolean> {
  const opens = (salt: Uint8Array): boolean =>
    createHmac('sha256', salt).update(told).digest('base64url').slice(0, 22) === mark;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (let at = 0; at + 32 <= bytes.length; at++) {
      // A random salt has hardly a byte twice; most of a database's file is one byte over and over.
      if (bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2]) continue;
      if (opens(bytes.subarray(at, at + 32))) return true;
    }
    for (const [token] of bytes.toString('latin1').matchAll(/[\w+/-]{43,64}/g)) {
      for (const encoding of ['hex', 'base64'] as const) {
        const salt = Buffer.from(token, encoding).subarray(0, 32);
        if (salt.length === 32 && opens(salt)) return true;
      }
    }
  }
  return false;
}

const DAY_MS = 86_400_000;
const START = Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS + DAY_MS / 2;
const policy = {
  policy: 1,
  version: '1.0.0',
  rules: { preset: 'cnil-fr-2025', exempt: { cookieless: true } },
} as const;
const POLICY = { policy, hash: policyHash(policy), published_at: new Date(START - DAY_MS).toISOString() };

let installation: Installation | undefined;
afterEach(() => installation?.close());

it('finds a salt that lies in a file, in whatever writing', async () => {
  for (const written of ['hex', 'base64url', undefined] as const) {
    const folder = await mkdtemp(join(tmpdir(), 'parcours-salt-'));
    const salt = randomBytes(32);
    const mark = createHmac('sha256', salt).update('told').digest('base64url').slice(0, 22);
    const held = written
      ? Buffer.from(`{"salt":"${salt.toString(written)}"}`)
      : Buffer.concat([Buffer.alloc(50), salt]);
    await writeFile(join(folder, 'any'), held);
    expect(await saltIn(folder, 'told', mark)).toBe(true);
    expect(await saltIn(folder, 'other', mark)).toBe(false);
    await rm(folder, { recursive: true });
  }
});

it('two days later nothing that is kept tells whose a mark was, and the collector itself cannot make it again', async () => {
  let now = START;
  installation = await openInstallation({ policies: [POLICY], now: () => now });
  const visit = async (): Promise<void> => {
    const at = new Date(now).toISOString();
    await installation!.send(0, {
      sent_at: at,
      stamps: [{ purposes: ['audience_exempt'], source: 'exempt', at, policy: POLICY.hash }],
      events: [{ event_id: randomUUID(), type: 'page_view', occurred_at: at, stamp: 0 }],
    });
  };
  const marks = async (): Promise<readonly string[]> => {
    const texts: string[] = [];
    const { root } = installation!.folder;
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) texts.push((await readFile(join(entry.parentPath, entry.name))).toString('latin1'));
    return [...new Set([...texts.join('\n').matchAll(/"day_visitor":"([\w-]{22})"/g)].map(([, mark = '']) => mark))];
  };

  await visit();
  await visit();
  const [mark = '', ...others] = await marks();
  expect(mark).toMatch(/^[\w-]{22}$/);
  expect(others).toEqual([]);

  now = START + 2 * DAY_MS;
  await visit();
  expect(await marks()).toHaveLength(2);
  const told = ['shop', '127.0.0.1', PHONE].join('\0');
  expect(await saltIn(installation.folder.root, told, mark)).toBe(false);
  const secrets = Object.values(
    JSON.parse(await readFile(installation.folder.secrets, 'utf8')) as Record<string, string>,
  );
  for (const secret of secrets)
    expect(createHmac('sha256', secret).update(told).digest('base64url').slice(0, 22)).not.toBe(mark);
});
