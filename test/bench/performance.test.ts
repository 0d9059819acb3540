import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DOCUMENT, publishedReport, sectionOf, withSection } from './document.mjs';
import { features, scripts, trackers } from './features.mjs';
import { FIGURES } from './sdk/figures.mjs';
import { markdownOf } from './section.mjs';
import { markdownTable, tablesOf } from './table.mjs';

const text = readFileSync(new URL(`../../${DOCUMENT}`, import.meta.url), 'utf8');
const tables = (section: string): string[][][] => tablesOf(sectionOf(text, section));
const firstCells = (table: readonly string[][] | undefined): string[] =>
  (table ?? []).slice(1).map(([cell = '']) => cell);

const proseOf = (section: string): string =>
  section
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('|'))
    .join('\n');

const NUMBER = /^[+-]?[\d,.]+$/;

it('publishes the weight of every script tag; if not: pnpm bench weights --write', () => {
  const [published] = tables('weights');
  expect(firstCells(published)).toEqual(scripts().map(({ name }) => name));
  for (const [, ...bytes] of published?.slice(1) ?? []) for (const cell of bytes) expect(cell).toMatch(NUMBER);
});

it('publishes the weight of every import and feature; if not: pnpm bench weights --write', () => {
  const [, published] = tables('weights');
  const names = [...trackers(), ...features().map(({ name }) => name)];
  expect(firstCells(published)).toEqual(expect.arrayContaining(names));
  for (const [name = '', ...cells] of published?.slice(1) ?? []) {
    expect(
      cells.filter((cell) => NUMBER.test(cell)),
      name,
    ).not.toEqual([]);
  }
});

it('publishes every figure of the page beside the peers; if not: pnpm bench sdk --write', () => {
  const [published] = tables('sdk');
  expect(published?.[0]).toEqual(
    expect.arrayContaining(['empty page', 'p.js', 'p.full.js', 'Snowplow', 'PostHog', 'Segment', 'OpenPanel']),
  );
  expect(firstCells(published)).toEqual(FIGURES.map(({ title }) => title));
  expect(sectionOf(text, 'sdk')).toMatch(/^Measured \d{4}-\d\d-\d\d: \d+ rounds, Chromium \d+/);
});

const reports = readdirSync(new URL('results', import.meta.url)).map((file) => file.replace('.json', ''));

it.each(reports)('publishes %s as its report has it; if not: pnpm bench with its name and --write', async (name) => {
  const { bench } = await import(new URL(`${name}.mjs`, import.meta.url).href);
  const made = markdownOf(bench, publishedReport(name));
  const published = sectionOf(text, name);
  expect(tablesOf(published)).toEqual(tablesOf(made));
  expect(proseOf(published)).toBe(proseOf(made));
});

it.each(reports)('keeps the report of %s in the one shape', (name) => {
  const report = publishedReport(name);
  expect(report).toMatchObject({ name, machine: { cpu: expect.any(String), cores: expect.any(Number) } });
  expect(report.rows.length).toBeGreaterThan(0);
});

it('publishes the collector at batches of 1, 10 and 100, beside the least that a server can do', () => {
  const { rows } = publishedReport('collector');
  expect(rows.map(({ batch }) => batch)).toEqual([1, 10, 100]);
  for (const row of rows)
    for (const figure of ['baseline', 'ours', 'ratio', 'p50_ms', 'p99_ms'])
      expect(row[figure]).toEqual(expect.any(Number));
});

it('writes a section and leaves the rest as it is', () => {
  const before =
    'Before\n\n<!-- bench: a -->\n\nold\n\n<!-- /bench -->\n\nAfter\n\n<!-- bench: b -->\n<!-- /bench -->\n';
  const after = withSection(
    before,
    'a',
    markdownTable([
      ['x', 'y'],
      ['one', 1],
    ]),
  );
  expect(tablesOf(sectionOf(after, 'a'))).toEqual([
    [
      ['x', 'y'],
      ['one', '1'],
    ],
  ]);
  expect(after).toBe(before.replace('old', '| x | y |\n| --- | ---: |\n| one | 1 |'));
  expect(() => sectionOf(after, 'c')).toThrow('no section');
});
