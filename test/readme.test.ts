import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchBrowser, openVisit } from './support/browser.ts';
import { ROOT, startChild } from './support/child.ts';
import { freePort } from './support/free_port.ts';
import { servePage } from './support/page.ts';
import { type Program, rowsWhen, startProgram } from './support/program.ts';

/** Every fenced block of the README is one of these: marked by `<!-- test: name -->` before it, and executed below. */
const NAMES = ['start', 'page', 'query', 'gate'] as const;
type Name = (typeof NAMES)[number];

interface Block {
  readonly line: number;
  readonly name: string | undefined;
  readonly text: string;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const blocks = fencedBlocks(read('README.md'));
const scripts = JSON.parse(read('package.json')).scripts as Readonly<Record<string, string>>;

test('every fenced block carries a marker that this test executes', () => {
  const unmarked = blocks.filter(({ name }) => !NAMES.includes(name as Name));
  expect(unmarked.map(({ line, text }) => `README.md:${line}: ${text}`)).toEqual([]);
  expect(blocks.map(({ name }) => name).sort()).toEqual([...NAMES].sort());
});

test('the gate is the script that CI calls', () => {
  const command = blockNamed('gate');
  expect(command).toBe('npm test');
  expect(scripts.test).toBe('node scripts/test.mjs');
  expect(read('.ci/run').split('\n')).toContain(command);
});

test('the start tells three addresses, and each answers', async () => {
  const data = await mkdtemp(join(tmpdir(), 'parcours-readme-'));
  const [port, consolePort, shopPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = { PORT: `${port}`, CONSOLE_PORT: `${consolePort}`, SHOP_PORT: `${shopPort}`, DATA: data };
  const started = startChild('sh', ['-c', blockNamed('start')], { env });
  try {
    await started.saw(/Ctrl-C stops everything/);
    const addresses = [...started.output().matchAll(/^ +(Shop|Live view|Collector) +(http:\S+)/gm)];
    expect(addresses.map(([, name]) => name)).toEqual(['Shop', 'Live view', 'Collector']);
    const paths: Readonly<Record<string, string>> = { Collector: '/readyz' };
    for (const [, name = '', origin = ''] of addresses) {
      const response = await fetch(`${origin}${paths[name] ?? '/'}`);
      expect([name, response.status]).toEqual([name, 200]);
    }
  } finally {
    await started.stop();
    await rm(data, { recursive: true, force: true });
  }
}, 180_000);

test('the stub on the page is the one that the SDK builds', () => {
  const [, stub] = blockNamed('page').match(/<script>(.*?)<\/script>/s) ?? [];
  expect(stub).toBe(read('packages/sdk/dist/stub.js').trim());
});

test('a page with the snippet becomes rows that the query shows', async () => {
  let snippet = '';
  const site = await servePage(() => `<!doctype html><html lang="en"><title>README</title>${ICON}${snippet}</html>`);
  const program = await startProgram({ origins: [site.origin] });
  snippet = blockNamed('page').replaceAll('http://localhost:8787', program.collector);
  const browser = await launchBrowser();
  try {
    const { page, faults } = await openVisit(browser);
    await page.goto(`${site.origin}/from-the-readme`);
    const rows = [/page_view.*\/from-the-readme/, /add_to_cart.*\/from-the-readme.*12990/];
    await rowsWhen(
      () => askAsWritten(program),
      (table) => rows.every((row) => row.test(table)),
    );
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await program.stop();
    await site.stop();
  }
});

/** The browser asks for no icon of the page's origin then. */
const ICON = '<link rel="icon" href="data:,">';

/** The README's own query over a program's data, with the answer as it is printed. */
async function askAsWritten({ data }: Program): Promise<string> {
  const child = startChild('sh', ['-c', blockNamed('query')], { env: { DATA: data } });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the query of README.md failed:\n${child.output()}`);
  return child.output();
}

function blockNamed(name: Name): string {
  const block = blocks.find((each) => each.name === name);
  if (block === undefined) throw new Error(`README.md has no block marked "test: ${name}"`);
  return block.text;
}

/** The fenced blocks of a Markdown text, each with the name in the comment on the line before it, if there is one. */
function fencedBlocks(markdown: string): readonly Block[] {
  const found: Block[] = [];
  const lines = markdown.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = lines[i]?.match(/^\s*(`{3,}|~{3,})/)?.[1];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    const [, name] = lines[i - 1]?.match(/^<!-- test: (\w+) -->$/) ?? [];
    found.push({ line: i + 1, name, text: lines.slice(i + 1, end === -1 ? undefined : end).join('\n') });
    if (end === -1) break;
    i = end;
  }
  return found;
}
