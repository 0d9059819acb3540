import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runParcours } from './command.ts';
import { type Served, serve } from './serve.ts';

/** What a test of backups works in; new for each test of a file that calls {@link backUpInEachTest}. */
export let folder: string;
/** The data folder, in it. */
export let data: string;
/** The backup, in it. */
export let file: string;
/** The program that was started last, until it was killed. */
export let served: Served | undefined;

/** Gives each test of a file a folder of its own, and kills what it started. */
export function backUpInEachTest(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parcours-backup-'));
    data = join(folder, 'data');
    file = join(folder, 'backup.tar');
    await writeFile(join(folder, 'config.json'), JSON.stringify({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
  });
  afterEach(async () => {
    await killAll();
    await rm(folder, { recursive: true, force: true });
  });
}

/** Starts the program on the data folder; gives the address of its collector. */
export async function start(): Promise<string> {
  served = await serve({ data, config: join(folder, 'config.json') });
  return served.collector;
}

export async function killAll(): Promise<void> {
  await served?.kill();
  served = undefined;
}

export const parcours = (...args: string[]) => runParcours(args, { cwd: folder });
export const backUp = (...flags: string[]) => parcours('backup', file, '--data', data, ...flags);
