import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigError } from './error.ts';
import { loadConfig, loadSettings } from './load.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (content: unknown, name = 'c.json'): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const shop = { id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] };
const hook = 'https://hooks.example/T0/B0/whoever-has-this-may-write';

const faultOf = async (options: Parameters<typeof loadConfig>[0]): Promise<ConfigError> => {
  const error = await loadConfig(options).catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
};

it('takes flags over environment over file over defaults', async () => {
  const path = await file({ port: 1001, consolePort: 1002, logDays: 3, sites: [shop] });
  const config = await loadConfig({ file: path, env: { PORT: '2001', DATA: '/var/x' }, flags: { port: '3001' } });
  expect(config).toMatchObject({ port: 3001, consolePort: 1002, logDays: 3, data: '/var/x', host: '0.0.0.0' });
  expect(config.sites[0]).toMatchObject({ ...shop, queryKeys: [], hosts: [] });
});

it('says where each setting was set', async () => {
  const path = await file({ logDays: 3, rateLimits: { perKey: 9 } });
  const env = { PARCOURS_RATE_LIMITS_PER_ADDRESS: '7' };
  const loaded = await loadSettings({ file: path, env, flags: { logLevel: 'info' } });
  expect(loaded.config.rateLimits).toEqual({ perAddress: 7, perKey: 9 });
  const placeOf = (...at: string[]) => loaded.placeOf(at);
  expect(placeOf('logDays')).toBe(path);
  expect(placeOf('rateLimits', 'perKey')).toBe(path);
  expect(placeOf('rateLimits', 'perAddress')).toBe('environment variable PARCOURS_RATE_LIMITS_PER_ADDRESS');
  expect(placeOf('logLevel')).toBe('flag --log-level');
  expect(placeOf('port')).toBeUndefined();
});

it('sets anything by the environment: numbers, lists with commas or as JSON, sites', async () => {
  const path = await file({});
  const env = {
    PARCOURS_PORT: '2002',
    PORT: '2001',
    PARCOURS_METRICS_FROM: '10.0.0.0/8, 192.168.0.0/16',
    PARCOURS_TRUST_PROXY: '2',
    PARCOURS_ALERTS_LAG_SECONDS: '0.5',
    PARCOURS_SITES: JSON.stringify([shop]),
    PARCOURS_LOG_LEVEL: '',
  };
  const config = await loadConfig({ file: path, env, flags: {} });
  expect(config).toMatchObject({ port: 2002, metricsFrom: ['10.0.0.0/8', '192.168.0.0/16'], trustProxy: 2 });
  expect(config).toMatchObject({ alerts: { lagSeconds: 0.5 }, sites: [shop], logLevel: 'warn' });
  expect((await loadConfig({ file: path, env: { PARCOURS_TRUST_PROXY: 'false' }, flags: {} })).trustProxy).toBe(false);
  expect(
    (await loadConfig({ file: path, env: { PARCOURS_TRUST_PROXY: '10.1.0.0/16' }, flags: {} })).trustProxy,
  ).toEqual(['10.1.0.0/16']);
});

it('leaves alone what Kubernetes and Docker write for a service called parcours', async () => {
  const env = {
    PARCOURS_PORT: 'tcp://10.0.0.1:8787',
    PARCOURS_SERVICE_HOST: '10.0.0.1',
    PARCOURS_SERVICE_PORT_HTTP: '8787',
    PARCOURS_PORT_8787_TCP_ADDR: '10.0.0.1',
  };
  expect((await loadConfig({ file: await file({}), env, flags: {} })).port).toBe(8787);
});

/** Content of the file, and what is told: line and column, key, rule, value. */
const BAD: readonly (readonly [unknown, string])[] = [
  ['{\n  "prot": 1\n}', ':2:3: unknown key "prot"; did you mean "port"?'],
  ['{ "colour": 1 }', ':1:3: unknown key "colour"; there are port, host, '],
  [
    '{\n "sites": [\n  { "id": "s", "keys": ["k"], "orgins": [] }\n ]\n}',
    ':3:31: sites[0]: unknown key "orgins"; did you mean "origins"?',
  ],
  ['{ "port": "high" }', ':1:3: port: must be a whole number from 0 to 65535 (it is "high")'],
  ['{ "port": 70000 }', 'port: '],
  ['{ "port": 80.5 }', 'port: must be a whole number from 0 to 65535 (it is 80.5)'],
  ['{ "host": "" }', 'host: '],
  ['{ "host": null }', 'host: Invalid input: expected string, received null (it is null)'],
  ['{ "consolePort": -1 }', 'consolePort: '],
  [
    '{ "consoleUrl": "console.shop.example" }',
    'consoleUrl: must be an origin, such as https://console.shop.example (it is',
  ],
  ['{ "consoleUrl": "https://shop.example/console" }', 'consoleUrl: must be an origin, without a path'],
  ['{ "data": 7 }', 'data: Invalid input: expected string, received number (it is 7)'],
  ['{ "networkDataReason": "because" }', 'networkDataReason: must say why, in 20 characters or more (it is "because")'],
  [{ sites: {} }, 'sites: Invalid input: expected array, received object (it is an object)'],
  [
    { sites: [{ ...shop, id: 'Shop FR' }] },
    'sites[0].id: must be lower-case letters, digits and -, at most 63 (it is "Shop FR")',
  ],
  [{ sites: [{ keys: ['k'] }] }, 'sites[0].id: Invalid input: expected string, received undefined'],
  [{ sites: [{ ...shop, keys: [] }] }, 'sites[0].keys: '],
  [
    { sites: [{ ...shop, secretKeys: [`sk_${'s'.repeat(40)}`] }] },
    'sites[0].secretKeys: secret keys are not kept in this file; make one with: parcours key create --site <id> --secret',
  ],
  [
    { sites: [{ ...shop, origins: ['https://shop.example/path'] }] },
    'sites[0].origins[0]: must be an origin such as https://www.example.com, without path (it is',
  ],
  [{ sites: [{ ...shop, origins: 'https://shop.example' }] }, 'sites[0].origins: '],
  [{ sites: [{ ...shop, queryKeys: [''] }] }, 'sites[0].queryKeys[0]: '],
  [
    { sites: [{ ...shop, cookieDomains: ['.shop.example'] }] },
    'sites[0].cookieDomains[0]: must be a domain of two or more labels',
  ],
  [{ sites: [shop, shop] }, 'sites[1].id: stands twice (it is "shop")'],
  [
    { trustProxy: true },
    'trustProxy: must be false, a number of proxies from 1 to 10, or a list of addresses and blocks',
  ],
  [{ trustProxy: ['10.0.0.0/99'] }, 'trustProxy: '],
  [{ trustProxy: 0 }, 'trustProxy: Too small: expected number to be >=1 (it is 0)'],
  [{ scriptPath: '/shop/a' }, 'scriptPath: must end in .js (it is "/shop/a")'],
  [{ endpointPath: '/shop/../v1' }, 'endpointPath: must be a path such as /shop/in'],
  [{ rateLimits: { perIp: 3 } }, 'rateLimits: unknown key "perIp"'],
  [{ rateLimits: { perKey: 0 } }, 'rateLimits.perKey: '],
  [{ metricsFrom: ['10.0.0.1'] }, 'metricsFrom[0]: must be a block of addresses such as 10.0.0.0/8 (it is "10.0.0.1")'],
  [{ logDays: 0 }, 'logDays: Too small: expected number to be >=1 (it is 0)'],
  [{ queryMemoryMb: '1G' }, 'queryMemoryMb: '],
  [{ logLevel: 'loud' }, 'logLevel: Invalid option: expected one of "debug"|"info"|"warn"|"error" (it is "loud")'],
  [{ alerts: { failedShare: 10 } }, 'alerts.failedShare: '],
  [{ alerts: { webhook: hook } }, 'alerts.allowedHosts: must hold the host of webhook, "hooks.example"'],
  [{ alerts: { webhook: 'http://hooks.example/x' } }, 'alerts.webhook: must be https, or http on this machine'],
  ['{ "port": 1, }', ':1:14: is not JSON: '],
  ['{ "port": 1\n  "host": "x" }', ':2:3: is not JSON: comma expected'],
  ['// why\n{}', ':1:1: is not JSON: invalid comment token'],
  ['', ':1:1: is not JSON: '],
  ['{ "port": 1, "port": 2 }', ':1:14: the key "port" stands twice'],
  ['[]', 'Invalid input: expected object, received array'],
];

it.each(BAD)('stops at %j with a line that names place, key, rule and value', async (content, told) => {
  const path = await file(content);
  const { message } = await faultOf({ file: path, env: {}, flags: {} });
  expect(message).toContain(told);
  expect(message.startsWith(path)).toBe(true);
  expect(message).not.toContain('whoever-has-this-may-write');
});

it('tells all faults at once, of the file and beside it', async () => {
  const path = await file('{\n  "prot": 1,\n  "logDays": 0\n}');
  const { faults, message } = await faultOf({ file: path, env: { PORT: 'abc' }, flags: { logLevel: 'loud' } });
  expect(faults).toHaveLength(4);
  expect(message.split('\n')).toEqual([
    'environment variable PORT: must be a whole number from 0 to 65535 (it is "abc")',
    `${path}:3:3: logDays: Too small: expected number to be >=1 (it is 0)`,
    'flag --log-level: Invalid option: expected one of "debug"|"info"|"warn"|"error" (it is "loud")',
    expect.stringContaining(`${path}:2:3: unknown key "prot"`),
  ]);
});

it.each<[Record<string, string>, Record<string, string>, string]>([
  [{}, { consolePort: '-1' }, 'flag --console-port: '],
  [{ PARCOURS_SITES: '[{"id":"S"}]' }, {}, 'environment variable PARCOURS_SITES: [0].id: '],
  [
    { PARCOURS_SITES: 'shop' },
    {},
    'environment variable PARCOURS_SITES: Invalid input: expected array, received string',
  ],
  [
    { PARCOURS_LOG_DAY: '3' },
    {},
    'environment variable PARCOURS_LOG_DAY: sets nothing; did you mean PARCOURS_LOG_DAYS?',
  ],
  [{ PARCOURS_COLOUR: 'red' }, {}, 'environment variable PARCOURS_COLOUR: sets nothing; see parcours config show'],
  [
    { PARCOURS_ALERTS_WEBHOOK: 'whoever-has-this-may-write' },
    {},
    'environment variable PARCOURS_ALERTS_WEBHOOK: must be',
  ],
])('names the variable or flag that is wrong: %o %o', async (env, flags, told) => {
  const { message } = await faultOf({ file: await file({}), env, flags });
  expect(message).toContain(told);
  expect(message).not.toContain('whoever-has-this-may-write');
});

it('misses a named file, and not the one of the folder', async () => {
  const none = join(folder, 'none.json');
  expect((await faultOf({ file: none, env: {}, flags: {} })).message).toBe(`${none}: cannot be read (ENOENT)`);
  await expect(loadConfig({ env: {}, flags: {} })).resolves.toMatchObject({ port: 8787 });
});
