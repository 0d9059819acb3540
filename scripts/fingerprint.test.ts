import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint } from './fingerprint.mjs';

let root: string;
const now = (isMeant = (_path: string): boolean => true): string => fingerprint(root, isMeant);
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parcours-fingerprint-'));
  mkdirSync(join(root, 'src'));
  write('src/a.ts', 'a');
  write('src/b.ts', 'b');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('is the same as long as nothing changes', () => {
  const before = now();
  write('src/a.ts', 'a');
  expect(now()).toBe(before);
});

test.each<[string, () => void]>([
  ['a content', () => write('src/a.ts', 'c')],
  ['a new file', () => write('src/c.ts', '')],
  ['a file that is gone', () => rmSync(join(root, 'src/a.ts'))],
  ['a name', () => renameSync(join(root, 'src/b.ts'), join(root, 'src/d.ts'))],
  [
    'a file that is gone into the text of the one before',
    () => {
      write('src/a.ts', 'asrc/b.tsb');
      rmSync(join(root, 'src/b.ts'));
    },
  ],
])('is another one after %s', (_, change) => {
  const before = now();
  change();
  expect(now()).not.toBe(before);
});

test('looks at what is meant alone, and never at what others wrote', () => {
  const isSource = (path: string): boolean => path.endsWith('.ts');
  const before = now(isSource);
  write('src/a.md', 'a page');
  mkdirSync(join(root, 'node_modules'));
  write('node_modules/theirs.ts', 'x');
  expect(now(isSource)).toBe(before);
});
