import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../test/support/child.ts';
import config, { ALONE, IN_BOTH, ONLY_IN_FULL } from '../vitest.config.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Test files below a folder, by the path from the workspace. */
const testsIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);

test('every file that goes one main way in the gate goes all ways in the full run', () => {
  const both = [...testsIn('test'), ...testsIn('packages')].filter((path) =>
    /mainOrAll\(|env\.TEST_(FULL|RUNS)/.test(read(path)),
  );
  expect(both.sort()).toEqual([...IN_BOTH].sort());
});

test('every file that a list names is there, and in one list', () => {
  const named = [...ALONE, ...IN_BOTH, ...ONLY_IN_FULL];
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(named.filter((path, at) => named.indexOf(path) !== at)).toEqual([]);
});

test('every project runs in the gate or in the full run', () => {
  const projects = config.test?.projects?.map((project) => (project as { test: { name: string } }).test.name);
  const runs = `${read('scripts/test.mjs')}\n${read('scripts/test_full.mjs')}`;
  expect(projects?.filter((name) => !runs.includes(`'${name}'`))).toEqual([]);
});
