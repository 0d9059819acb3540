import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/child.ts';

/** The page that names, for each promise on consent, the code and the tests that hold it. */
const PAGE = 'docs/reference/consent-matrix.md';

const rows = readFileSync(join(ROOT, PAGE), 'utf8')
  .split('\n')
  .filter((line) => /^\| (?!promise|---)/.test(line))
  .map((line) => line.split('|').slice(1, -1) as [promise: string, code: string, tests: string]);

/** Each linked file of a cell with the names that follow it. */
const namedIn = (cell: string): readonly (readonly [file: string, names: readonly string[]])[] =>
  cell
    .split(/\[[^\]]+\]\(/)
    .slice(1)
    .map((part) => {
      const [link = '', ...rest] = part.split(')');
      return [join(dirname(PAGE), link), [...rest.join(')').matchAll(/“([^”]+)”/g)].map(([, name = '']) => name)];
    });

it('has promises', () => expect(rows.length).toBeGreaterThan(20));

describe.each(rows)('%s', (_, code, tests) => {
  it('is enforced in code that is there', () => {
    const files = namedIn(code).map(([file]) => file);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('is held by tests that are there', () => {
    const named = namedIn(tests);
    expect(named.length).toBeGreaterThan(0);
    const missing = named.flatMap(([file, names]) => {
      const text = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
      return (names[0] ? names : ['no test is named']).filter(
        (name) => !["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`)),
      );
    });
    expect(missing).toEqual([]);
  });
});
