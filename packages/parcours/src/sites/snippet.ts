import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { DataFolder } from '../data_folder.ts';
import { readRunFile } from '../run_file.ts';

/** What goes on every page of a shop, ready to copy: the stub and the script. */
export async function snippetFor({
  site,
  key,
  collector,
}: {
  readonly site: string;
  readonly key: string;
  /** Origin of the public listener, as browsers reach it. */
  readonly collector: string;
}): Promise<string> {
  const stub = await readFile(createRequire(import.meta.url).resolve('@parcours/sdk/stub.js'), 'utf8');
  return [
    `<script>${stub.trim()}</script>`,
    `<script async src="${collector}/p.js" data-site="${site}" data-key="${key}"></script>`,
  ].join('\n');
}

/** Where the collector of a data folder listens, or would by default. */
export const collectorOf = async (folder: DataFolder): Promise<string> =>
  (await readRunFile(folder.run))?.collector ?? 'http://localhost:8787';
