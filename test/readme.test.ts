import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openVisit } from './support/browser.ts';
import { type Child, ROOT, startChild } from './support/child.ts';
import { freePort } from './support/free_port.ts';
import { rowsWhen } from './support/program.ts';

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

describe('the start, the page and the query, as they stand', () => {
  let data: string;
  let env: NodeJS.ProcessEnv;
  let started: Child;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'parcours-readme-'));
    const [port, consolePort, shopPort] = await Promise.all([freePort(), freePort(), freePort()]);
    env = { PORT: `${port}`, CONSOLE_PORT: `${consolePort}`, SHOP_PORT: `${shopPort}`, DATA: data };
    started = startChild('sh', ['-c', blockNamed('start')], { env });
    await started.saw(/Ctrl-C stops everything/);
  }, 180_000);

  afterAll(async () => {
    await started?.stop();
    await rm(data, { recursive: true, force: true });
  });

  test('the start tells three addresses, and each answers', async () => {
    const addresses = [...started.output().matchAll(/^ +(Shop|Live view|Collector) +(http:\S+)/gm)];
    expect(addresses.map(([, name]) => name)).toEqual(['Shop', 'Live view', 'Collector']);
    const paths: Readonly<Record<string, string>> = { Collector: '/readyz' };
    for (const [, name = '', origin = ''] of addresses) {
      const response = await fetch(`${origin}${paths[name] ?? '/'}`);
      expect([name, response.status]).toEqual([name, 200]);
    }
  });

  test('the stub is the one that the SDK builds', () => {
    const [, stub] = blockNamed('page').match(/<script>(.*?)<\/script>/s) ?? [];
    expect(stub).toBe(read('packages/sdk/dist/stub.js').trim());
  });

  test('a page with the snippet becomes a row that the query shows', async () => {
    const origin = `http://localhost:${env.SHOP_PORT}`;
    const snippet = blockNamed('page').replaceAll('http://localhost:8787', `http://localhost:${env.PORT}`);
    const browser = await launchBrowser();
    try {
      const { page, faults } = await openVisit(browser);
      await page.route(`${origin}/from-the-readme`, (route) =>
        route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>README</title>${snippet}` }),
      );
      await page.goto(`${origin}/from-the-readme`);
      await rowsWhen(ask, (table) => /page_view.*\/from-the-readme/.test(table));
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  /** The README's own command, with the answer as it is printed. */
  async function ask(): Promise<string> {
    const child = startChild('sh', ['-c', `${blockNamed('query')}\necho "exit code $?"`], { env });
    await child.saw(/^exit code 0$/m);
    await child.stop();
    return child.output();
  }
});

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
