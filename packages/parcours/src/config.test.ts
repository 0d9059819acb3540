import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (content: unknown): Promise<string> => {
  const path = join(folder, 'c.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const shop = { id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] };
const secret = `sk_${'s'.repeat(40)}`;

it('takes flags over environment over file over defaults', async () => {
  const path = await file({ port: 1001, consolePort: 1002, logDays: 3, sites: [shop] });
  const config = await loadConfig({ file: path, env: { PORT: '2001', DATA: '/var/x' }, flags: { port: '3001' } });
  expect(config).toMatchObject({ port: 3001, consolePort: 1002, logDays: 3, data: '/var/x', host: '0.0.0.0' });
  expect(config.sites[0]).toMatchObject({ ...shop, queryKeys: [], hosts: [], secretKeys: [] });
});

it.each<[unknown, string]>([
  [{ prot: 1 }, 'unknown key "prot"'],
  [{ sites: [{ ...shop, orgins: [] }] }, 'sites[0]: unknown key "orgins"'],
  [{ port: 'high' }, 'port: must be a whole number from 0 to 65535'],
  [{ port: 70_000 }, 'port: '],
  [{ sites: [{ ...shop, origins: ['https://shop.example/path'] }] }, 'sites[0].origins[0]: must be an origin'],
  [{ sites: [{ ...shop, id: 'Shop FR' }] }, 'sites[0].id: must be lower-case'],
  [{ sites: [{ ...shop, keys: [] }] }, 'sites[0].keys: '],
  [{ sites: [{ ...shop, secretKeys: ['sk_short'] }] }, 'sites[0].secretKeys[0]: must have 32 characters or more'],
  [{ sites: [{ ...shop, keys: [secret], secretKeys: [secret] }] }, 'sites[0].secretKeys[0]: is a public key too'],
  [
    {
      sites: [
        { ...shop, secretKeys: [secret] },
        { ...shop, id: 'other', secretKeys: [secret] },
      ],
    },
    'sites[1].secretKeys[0]: stands twice',
  ],
  [{ sites: [shop, shop] }, 'sites: the id "shop" stands twice'],
  [{ trustProxy: true }, 'trustProxy: '],
  [{ scriptPath: '/shop/a' }, 'scriptPath: must end in .js'],
  [{ endpointPath: '/shop/../v1' }, 'endpointPath: must be a path'],
  [{ trustProxy: ['10.0.0.0/99'] }, 'trustProxy'],
  [{ rateLimits: { perIp: 3 } }, 'rateLimits: unknown key "perIp"'],
  ['{ "port": 1, }', 'is not JSON'],
])('stops at %j with one line that names it', async (content, message) => {
  const path = await file(content);
  const error = await loadConfig({ file: path, env: {}, flags: {} }).catch((caught: Error) => caught);
  expect(error).toMatchObject({ name: 'ConfigError' });
  expect((error as Error).message).toContain(message);
  expect((error as Error).message).toContain(path);
  expect((error as Error).message).not.toContain('\n');
  expect((error as Error).message).not.toContain('sk_');
});

it.each<[Record<string, string>, Record<string, string>, string]>([
  [{ PORT: 'abc' }, {}, 'environment variable PORT: must be a whole number from 0 to 65535 (it is "abc")'],
  [{}, { consolePort: '-1' }, 'flag --console-port: '],
  [{}, { logLevel: 'loud' }, 'flag --log-level: '],
])('names the variable or flag that is wrong: %o %o', async (env, flags, message) => {
  const path = await file({});
  await expect(loadConfig({ file: path, env, flags })).rejects.toThrow(message);
});

it('misses a named file, and not the default one', async () => {
  await expect(loadConfig({ file: join(folder, 'none.json'), env: {}, flags: {} })).rejects.toThrow(
    'cannot be read (ENOENT)',
  );
  await expect(loadConfig({ env: {}, flags: {} })).resolves.toMatchObject({ port: 8787 });
});
