import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from '../test/support/child.ts';
import { freePort } from '../test/support/free_port.ts';

let other: Server;
let taken: number;

beforeAll(async () => {
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  taken = (other.address() as AddressInfo).port;
});

afterAll(() => other.close());

/** What the start says and how it ends, with every port free but for what is given. */
async function refusal(
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<{ readonly output: string; readonly code: number | null }> {
  const [port, consolePort, shopPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const free = { PORT: `${port}`, CONSOLE_PORT: `${consolePort}`, SHOP_PORT: `${shopPort}` };
  const child = startChild(process.execPath, ['scripts/start.mjs', ...args], { env: { ...free, ...env } });
  const { code } = await child.ended;
  return { output: child.output(), code };
}

test.each(['PORT', 'CONSOLE_PORT', 'SHOP_PORT'])(
  '%s in use ends the start with one line before any work',
  async (variable) => {
    expect(await refusal({ [variable]: `${taken}` })).toEqual({
      output: `Port ${taken} is in use: set ${variable} to another\n`,
      code: 1,
    });
  },
);

test('one port for two ends the start with one line', async () => {
  const port = `${await freePort()}`;
  expect(await refusal({ PORT: port, SHOP_PORT: port })).toEqual({
    output: `PORT and SHOP_PORT are both ${port}\n`,
    code: 1,
  });
});

test.each(['0', '65536', '80a', '-1'])('PORT=%s is no port', async (text) => {
  expect(await refusal({ PORT: text })).toEqual({
    output: `PORT must be a number from 1 to 65535, not "${text}"\n`,
    code: 1,
  });
});

test('another consent manager than those there are ends the start with their names', async () => {
  expect(await refusal({}, ['--consent', 'tcff'])).toEqual({
    output: '--consent must be one of own, vanilla-cookieconsent, tcf, not "tcff"\n',
    code: 2,
  });
});

test('an option that there is not ends the start with the way to those there are', async () => {
  const { output, code } = await refusal({}, ['--consnet', 'tcf']);
  expect([output, code]).toEqual([expect.stringMatching(/^Unknown option '--consnet'.*--help\)\n$/), 2]);
});

test('the help names every consent manager and every variable', async () => {
  const { output, code } = await refusal({}, ['--help']);
  expect(code).toBe(0);
  for (const word of ['own', 'vanilla-cookieconsent', 'tcf', 'PORT', 'CONSOLE_PORT', 'SHOP_PORT', 'DATA'])
    expect(output).toContain(word);
});
