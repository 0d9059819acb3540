import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openVisit } from './support/browser.ts';
import { ROOT, startChild } from './support/child.ts';
import { freePort } from './support/free_port.ts';
import { readGuide } from './support/guide.ts';
import { servePage } from './support/page.ts';
import { type Program, rowsWhen, startProgram } from './support/program.ts';

/** One guide in two languages, with the same blocks. */
const CONSENT = {
  'test/consent/guide.test.ts': [
    ...['init', 'policy', 'check', 'publish', 'snippet', 'manual', 'vanilla', 'vanilla-policy', 'tcf', 'consent-mode'],
    ...[
      'consent-mode-out',
      'didomi',
      'axeptio',
      'tarteaucitron',
      'onetrust',
      'cookiebot',
      'klaro',
      'sirdata',
      'shopify',
    ],
    ...['gpp', 'npm', 'debugger', 'tail', 'receipts', 'change', 'diff', 'withdraw', 'rights', 'own-rights'],
    ...['exempt-policy', 'exempt', 'object', 'cnil', 'exempt-counts', 'cookieless-policy', 'recipients', 'retention'],
  ],
} as const;

/**
 * Guides whose every fenced block is marked by `<!-- test: name -->` before it and executed: the names by the test that
 * does. A guide that is not here has a test of its own.
 */
const GUIDES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'README.md': { 'test/readme.test.ts': ['start', 'page', 'query', 'gate'] },
  'docs/install.md': {
    'test/install/tags.test.ts': [
      ...[
        'config',
        'snippet',
        'consent',
        'consent-source',
        'full',
        'add-ons',
        'integrity',
        'pinned',
        'csp',
        'csp-page',
        'csp-files',
      ],
      ...['own-paths', 'query'],
    ],
    'test/install/npm.test.ts': ['npm-install', 'npm', 'worker'],
    'test/install/frameworks.test.ts': ['react', 'next', 'vue', 'nuxt', 'svelte', 'astro'],
    'test/install/proxies.test.ts': ['proxied-config', 'proxied-page', 'nginx', 'caddy', 'next-rewrites'],
  },
  'docs/consent.md': CONSENT,
  'docs/consent.fr.md': CONSENT,
  'docs/operate.md': {
    'test/program/operate.test.ts': [
      ...['install', 'start', 'site', 'consent', 'live', 'login', 'doctor', 'metrics', 'backup', 'restore', 'upgrade'],
    ],
  },
  'docs/operate/configuration.md': { 'test/program/config.test.ts': ['json', 'typescript', 'check'] },
  'docs/reference/policy.md': { 'test/program/policy.test.ts': ['json', 'typescript', 'check', 'publish', 'diff'] },
  'docs/operate/backup.md': {
    'test/program/backup_guide.test.ts': [
      ...['backup', 'encrypt', 'timer', 'cron', 'restore', 'export', 'snapshot', 'migrate'],
    ],
  },
  'docs/operate/console.md': { 'test/program/console.test.ts': ['login', 'secret', 'front', 'ask'] },
  'docs/operate/keys.md': { 'test/program/keys_guide.test.ts': ['add', 'list', 'create', 'rotate', 'revoke'] },
  'docs/operate/receipts.md': { 'test/program/receipts.test.ts': ['list', 'verify', 'export'] },
  'docs/operate/failed.md': { 'test/program/failed.test.ts': ['look', 'try'] },
  'docs/operate/doctor.md': { 'test/program/doctor.test.ts': ['doctor', 'doctor-url', 'doctor-json'] },
  'docs/operate/micro.md': {
    'test/package/micro_guide.test.ts': [
      ...['start', 'page', 'ask', 'playwright-config', 'playwright', 'playwright-expect', 'vitest-config', 'vitest'],
      ...['actions', 'background'],
    ],
  },
  'docs/operate/observe.md': {
    'test/program/observe_guide.test.ts': [
      ...['log', 'line', 'metrics', 'scrape', 'otel-install', 'otel', 'alerts', 'message'],
    ],
  },
  'docs/operate/deploy.md': {
    'test/deploy/guide.test.ts': ['systemd', 'compose', 'compose-exec', 'trust-proxy', 'bench'],
  },
};

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = readGuide('README.md');
const scripts = JSON.parse(read('package.json')).scripts as Readonly<Record<string, string>>;

test.each(Object.entries(GUIDES))('every fenced block of %s is executed by a test that names it', (path, tests) => {
  const { blocks } = readGuide(path);
  const unmarked = blocks.filter(({ name }) => name === undefined);
  expect(unmarked.map(({ line, text }) => `${path}:${line}: ${text}`)).toEqual([]);
  expect(blocks.map(({ name }) => name).sort()).toEqual(Object.values(tests).flat().sort());
  for (const [file, names] of Object.entries(tests)) {
    const source = read(file);
    expect(names.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  }
});

test('the gate is the script that CI calls', () => {
  const command = readme.block('gate');
  expect(command).toBe('npm test');
  expect(scripts.test).toBe('node scripts/test.mjs');
  expect(read('.ci/run').split('\n')).toContain(command);
});

test('the start tells three addresses, and each answers', async () => {
  const data = await mkdtemp(join(tmpdir(), 'parcours-readme-'));
  const [port, consolePort, shopPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = { PORT: `${port}`, CONSOLE_PORT: `${consolePort}`, SHOP_PORT: `${shopPort}`, DATA: data };
  const started = startChild('sh', ['-c', readme.block('start')], { env });
  try {
    await started.saw(/Ctrl-C stops everything/);
    const addresses = [...started.output().matchAll(/^ +(Shop|Console|Collector) +(http:\S+)/gm)];
    expect(addresses.map(([, name]) => name)).toEqual(['Shop', 'Console', 'Collector']);
    const paths: Readonly<Record<string, string>> = { Collector: '/readyz' };
    for (const [, name = '', address = ''] of addresses) {
      const response = await fetch(new URL(paths[name] ?? '', address), { redirect: 'manual' });
      // The console's address is a link that signs in, and leads on to its first page.
      expect([name, response.status]).toEqual([name, name === 'Console' ? 303 : 200]);
      if (name === 'Console') expect(response.headers.getSetCookie()[0]).toMatch(/^parcours_session/);
    }
  } finally {
    await started.stop();
    await rm(data, { recursive: true, force: true });
  }
}, 180_000);

test('the stub on the page is the one that the SDK builds', () => {
  const [, stub] = readme.block('page').match(/<script>(.*?)<\/script>/s) ?? [];
  expect(stub).toBe(read('packages/sdk/dist/stub.js').trim());
});

test('a page with the snippet becomes rows that the query shows', async () => {
  let snippet = '';
  const site = await servePage(() => `<!doctype html><html lang="en"><title>README</title>${ICON}${snippet}</html>`);
  const program = await startProgram({ origins: [site.origin] });
  snippet = readme.block('page').replaceAll('http://localhost:8787', program.collector);
  try {
    const { page, faults } = await openVisit();
    await page.goto(`${site.origin}/from-the-readme`);
    const rows = [/page_view.*\/from-the-readme/, /add_to_cart.*\/from-the-readme.*12990/];
    await rowsWhen(
      () => askAsWritten(program),
      (table) => rows.every((row) => row.test(table)),
    );
    expect(faults).toEqual([]);
  } finally {
    await program.stop();
    await site.stop();
  }
});

/** The browser asks for no icon of the page's origin then. */
const ICON = '<link rel="icon" href="data:,">';

/** The README's own query over a program's data, with the answer as it is printed. */
async function askAsWritten({ data }: Program): Promise<string> {
  const child = startChild('sh', ['-c', readme.block('query')], { env: { DATA: data } });
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the query of README.md failed:\n${child.output()}`);
  return child.output();
}
