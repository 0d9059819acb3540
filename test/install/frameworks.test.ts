import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/child.ts';
import { INSTALL } from './shop.ts';

/** Each excerpt of the guide, and the app that it is from: `npm run test:full` builds those and drives them. */
const APPS = [
  ['react', 'react/src/main.tsx'],
  ['next', 'next/app/layout.tsx'],
  ['vue', 'vue/src/main.ts'],
  ['nuxt', 'nuxt/app/plugins/parcours.ts'],
  ['svelte', 'svelte/src/routes/+layout.svelte'],
  ['astro', 'astro/astro.config.mjs'],
] as const;

/** The apps read their collector from the environment, and markup that stands alone ends as a statement. */
const comparable = (line: string): string =>
  line
    .trim()
    .replace(/^endpoint: .*,$/, 'endpoint,')
    .replace(/>;$/, '>');

test.each(APPS)('the excerpt for %s is from %s, line by line', (name, file) => {
  const app = readFileSync(join(ROOT, 'examples/frameworks', file), 'utf8')
    .split('\n')
    .map(comparable);
  const excerpt = INSTALL.block(name).split('\n').map(comparable);
  let at = 0;
  const missing = excerpt.filter((line) => {
    const found = app.indexOf(line, at);
    if (found !== -1) at = found + 1;
    return found === -1 && line !== '';
  });
  expect(missing).toEqual([]);
});
