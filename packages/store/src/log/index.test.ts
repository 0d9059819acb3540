import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('the log imports nothing but Node and its own files, so that no database is loaded where events are received', async () => {
  const here = new URL('./', import.meta.url);
  const sources = (await readdir(here)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const imported = new Set<string>();
  for (const name of sources) {
    const source = await readFile(new URL(name, here), 'utf8');
    for (const [, specifier] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) imported.add(specifier!);
  }
  expect(imported).toContain('node:fs/promises');
  expect([...imported].filter((specifier) => !/^(node:|\.\/)/.test(specifier))).toEqual([]);
});
