import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

/** What the collector loads of the store, by the folders that it may reach. */
test.each([
  ['log', /^(node:|\.\/|\.\.\/timers\.ts$)/],
  [
    'control',
    /^(node:|\.\/|@parcours\/protocol(\/policy)?$|\.\.\/(log\/[a-z]+|chain\/read|kind|record|timers|tombstone_days|watch)\.ts$)/,
  ],
  ['chain', /^(node:|\.\/|canonicalize$|\.\.\/log\/[a-z]+\.ts$)/],
  ['receipts', /^(node:|\.\/|\.\.\/(chain|log)\/[a-z_]+\.ts$)/],
  ['audit', /^(node:|\.\/|\.\.\/(chain|log|receipts)\/[a-z]+\.ts$)/],
])(
  '%s imports nothing but Node, its own files and what is as light, so that no database is loaded where events are received',
  async (folder, allowed) => {
    const here = new URL(`../${folder}/`, import.meta.url);
    const names = await readdir(here, { recursive: true });
    const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const imported = new Set<string>();
    for (const name of sources) {
      const source = await readFile(new URL(name, here), 'utf8');
      for (const [, specifier] of source.matchAll(/(?<!\.)\b(?:from|import)\s*\(?\s*'([^']+)'/g))
        imported.add(specifier!);
    }
    expect([...imported].some((specifier) => specifier.startsWith('node:'))).toBe(true);
    expect([...imported].filter((specifier) => !allowed.test(specifier))).toEqual([]);
  },
);
