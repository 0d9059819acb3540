import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findConfigFile, readConfigFile } from './file.ts';
import { loadConfig } from './load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-config-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

it.each([
  ['parcours.config.ts', 'const port: number = 4001;\nexport default { port } satisfies { port: number };'],
  ['parcours.config.mts', 'export default Promise.resolve({ port: 4001 as number });'],
  ['parcours.config.mts', "import { defineConfig } from 'parcours';\nexport default defineConfig({ port: 4001 });"],
  ['parcours.config.mjs', 'export default { port: 4001 };'],
  ['parcours.config.js', 'module.exports = { port: 4001 };'],
])('reads %s, TypeScript too', async (name, text) => {
  const path = await write(name, text);
  expect(findConfigFile(folder)).toBe(path);
  expect(await loadConfig({ file: path, env: {}, flags: {} })).toMatchObject({ port: 4001 });
});

it('tells what is wrong with a file of code, by its name', async () => {
  const broken = await write('broken.ts', 'export default { port: ');
  await expect(readConfigFile(broken)).rejects.toThrow(/broken\.ts: /);
  const throwing = await write('throwing.mjs', "throw new Error('no secret here');");
  await expect(readConfigFile(throwing)).rejects.toThrow(`${throwing}: no secret here`);
  const wrong = await write('wrong.ts', 'export default { port: "high" };');
  await expect(loadConfig({ file: wrong, env: {}, flags: {} })).rejects.toThrow(
    `${wrong}: port: must be a whole number from 0 to 65535 (it is "high")`,
  );
});

it('takes one file of a folder, and refuses to choose between two', async () => {
  expect(findConfigFile(folder)).toBeUndefined();
  await write('parcours.config.json', '{}');
  await write('parcours.config.ts', 'export default {}');
  expect(() => findConfigFile(folder)).toThrow('has parcours.config.json and parcours.config.ts: keep one of them');
});
