import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedBrowser } from '../../support/browser.ts';
import { freePort } from '../../support/free_port.ts';
import { publishPolicy } from '../../support/policy.ts';
import { askProgram, type Row, startProgram } from '../../support/program.ts';
import { readStub } from '../../support/site.ts';
import { type LivedLife, liveInBrowser } from './browser_life.ts';
import { POLICY } from './policy.ts';
import { breach, seenOf } from './seen.ts';
import type { Life } from './steps.ts';

/** One program, one browser, and as many lives in it as one likes. */
export interface Lives {
  /** Lives them, several at a time, and gives those in which something was against the law. */
  live(lives: readonly Life[]): Promise<readonly FaultyLife[]>;
  /** Looks whether all that the collector has taken is in the table, and nothing that no life permitted. */
  rowFaults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface FaultyLife {
  readonly index: number;
  readonly faults: readonly string[];
}

/** Lives lived at a time: mostly they wait. */
const AT_A_TIME = 8;

/** More than any number of lives here makes. */
const MAX_ROWS = 100_000;

export async function openLives(): Promise<Lives> {
  const port = await freePort();
  const [program, browser, site] = await Promise.all([
    startProgram({ origins: [`http://localhost:${port}`] }),
    sharedBrowser(),
    startPages(port),
  ]);
  await publish(program);
  const lived = new Map<string, LivedLife>();

  const liveOne = async (life: Life): Promise<readonly string[]> => {
    const name = `l${lived.size}`;
    // The name is taken at once: others begin meanwhile.
    lived.set(name, { faults: [], everPermitted: new Map(), taken: new Set() });
    const one = await liveInBrowser({ browser, name, life, site: site.origin, collector: program.collector });
    lived.set(name, one);
    return one.faults;
  };

  return {
    async live(lives) {
      const faulty: FaultyLife[] = [];
      const waiting = [...lives.entries()];
      const worker = async (): Promise<void> => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [index, life] = next;
          const faults = await liveOne(life);
          if (faults.length > 0) faulty.push({ index, faults });
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, worker));
      return faulty.sort((a, b) => a.index - b.index);
    },
    async rowFaults() {
      const due = [...lived.values()].reduce((sum, { taken }) => sum + taken.size, 0);
      await program.rowsWhen('SELECT count(*) AS count FROM events', ([row]) => Number(row?.count) >= due);
      const rows = await askProgram('SELECT * FROM events', { data: program.data, maxRows: MAX_ROWS });
      if (rows.length === MAX_ROWS) throw new Error(`more than ${MAX_ROWS} rows: not all were looked at`);
      return rows.flatMap((row) => rowFault(row, lived) ?? []);
    },
    async close() {
      site.close();
      await program.stop();
    },
  };
}

/** What a row tells that its life never permitted, or nothing. */
function rowFault(row: Row, lived: ReadonlyMap<string, LivedLife>): string | undefined {
  const told = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  const event = { ...told, page: { url: row.url }, keys: parsed(row.keys), props: parsed(row.props) };
  const name = /l\d+(?=[-/])/.exec(JSON.stringify(event))?.[0] ?? '';
  const life = lived.get(name);
  return life ? breach(seenOf(event as never, name), life.everPermitted) : `nobody's: ${JSON.stringify(row)}`;
}

const parsed = (json: unknown): object => JSON.parse(`${json ?? '{}'}`);

async function publish(program: { readonly collector: string; readonly data: string }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-policy-'));
  const file = join(folder, 'consent.policy.json');
  await writeFile(file, JSON.stringify(POLICY));
  await publishPolicy(file, program);
  await rm(folder, { recursive: true });
}

/** Pages whose tracker sends to the address that their own names: each life has its own way to the collector. */
async function startPages(port: number): Promise<{ readonly origin: string; close(): void }> {
  const stub = await readStub();
  const server = createServer((request, response) => {
    const events = new URL(request.url ?? '/', 'http://site').searchParams.get('events') ?? '';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,">
<script>${stub}</script><script async src="${events}/p.js" data-site="shop" data-key="pk_demo"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
