import { afterAll, beforeAll, expect, it } from 'vitest';
import { outputOf } from '../support/command.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runLines } from '../support/shell.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program?.stop());

/** Runs one command that must succeed. */
const parcours = (line: string): Promise<string> => outputOf([...line.split(' '), '--data', program.data]);

it.each([
  ['site add shop', 'site_configured', /site "shop" is in .*parcours\.config\.json/],
  ['site add Shop', 'bad_flag', /<id> "Shop": must be lower-case/],
  ['site add x --origin https://x.example/path', 'bad_flag', /--origin "https:\/\/x.example\/path": must be an origin/],
  ['site add x --cookie-domain y.example', 'bad_flag', /--cookie-domain "y.example": must be the host of one/],
  ['site add x --rights-from-pages rectify', 'bad_flag', /--rights-from-pages "rectify": must be one of export, erase/],
  ['site add x --collector collect.example', 'bad_flag', /--collector "collect.example": must be an origin/],
  ['site add x --replace', 'unknown_site', /--replace: there is no site "x" yet/],
  ['site remove shop', 'site_configured', /take it out there/],
  ['site remove nowhere', 'unknown_site', /there is no site "nowhere"/],
  ['key create', 'bad_flag', /--site <id>, or --console <role>/],
  ['key create --site nowhere', 'unknown_site', /--site: there is no site "nowhere"; there are shop/],
  ['key create --console root', 'bad_flag', /must be one of admin, analyst, privacy \(it is "root"\)/],
  ['key create --console admin --site shop', 'bad_flag', /leave --site and --secret out/],
  ['key create --site shop --expires 0', 'bad_flag', /--expires must be a whole number above 0/],
  ['key create --site shop --expires 99999', 'bad_flag', /--expires must be 36500 days at most/],
  ['key revoke k_0', 'unknown_key', /there is no key "k_0"/],
  ['key revoke pk_demo', 'unknown_key', /a key of the configuration file is taken out there/],
  ['key revoke sk_secretsecretsecret', 'unknown_key', /by its id, k_..., not by its secret/],
  ['key rotate k_0 --overlap forever', 'bad_flag', /--overlap must be a number of hours from 0 to 8760/],
])('refuses "%s" in one line: %s', async (line, code, message) => {
  const { code: exit, output } = await runLines(`parcours ${line} --json`, program);
  expect(exit).toBe(1);
  const { error } = JSON.parse(output) as { error: { code: string; message: string } };
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(output).not.toContain('secretsecret');
});

it('refuses what has ended already, and a second successor', async () => {
  const { key } = JSON.parse(await parcours('key create --site shop --json'));
  await parcours(`key rotate ${key.id}`);
  await expect(parcours(`key rotate ${key.id}`)).rejects.toThrow(/is being replaced by k_\w+ already/);
  await parcours(`key revoke ${key.id}`);
  await expect(parcours(`key revoke ${key.id}`)).rejects.toThrow(/is revoked already, since 2/);
});
