import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** What the collector loads of the store, by the folders that it may reach. */
test.each([
  ['log', /^(node:|\.\/)/],
  ['control', /^(node:|\.\/|\.\.\/(log\/[a-z]+|kind|record|timers|watch)\.ts$)/],
])(
  '%s imports nothing but Node and its own files, so that no database is loaded where events are received',
  async (folder, allowed) => {
    const here = new URL(`../${folder}/`, import.meta.url);
    const names = await readdir(here, { recursive: true });
    const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const imported = new Set<string>();
    for (const name of sources) {
      const source = await readFile(new URL(name, here), 'utf8');
      for (const [, specifier] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) imported.add(specifier!);
    }
    expect([...imported].some((specifier) => specifier.startsWith('node:'))).toBe(true);
    expect([...imported].filter((specifier) => !allowed.test(specifier))).toEqual([]);
  },
);
