import { stat } from 'node:fs/promises';
import { version as engineVersion } from '@duckdb/node-api';
import { DataFormatError, FORMAT, pendingMigrations, readFormat } from '../../data_format.ts';
import { version } from '../../version.ts';
import { defineCheck, type Fault } from '../check.ts';
import type { Context } from '../context.ts';

/** As `engines` of the package has it. */
const LEAST_NODE = '20.15.0';
/** The oldest line of Node that is still repaired. */
const KEPT_NODE = 22;

/** What runs with what. */
export const versions = defineCheck({
  name: 'versions',
  about:
    'Versions of the program, Node, the data format and the engine, and of the scripts that pages have loaded within the day.',
  faults: {
    node: {
      verdict: 'red',
      means: 'Node is older than what the program needs.',
      fix: 'install Node 22 or newer',
    },
    other_program: {
      verdict: 'warning',
      means: 'What runs is of another version than this command: an upgrade waits for its restart.',
      fix: 'restart it: systemctl restart parcours',
    },
    format_newer: {
      verdict: 'red',
      means: 'A newer version has written the data, and this one may not read it right.',
      fix: 'install the newer version again, or restore the backup from before the upgrade',
    },
    format_unknown: {
      verdict: 'red',
      means: 'The format of the data cannot be told, and the next start refuses it.',
      fix: 'bring {data}/format.json back from a backup; where a restore was interrupted, run it again',
    },
    format_older: {
      verdict: 'warning',
      means:
        'The data is in an older format. A start takes small steps by itself, and refuses where there is a large one.',
      fix: 'stop the program, then: parcours backup <file> --data {data} && parcours migrate --data {data}',
    },
    old_scripts: {
      verdict: 'warning',
      means:
        'Pages load an older script than the one that is served: they have pinned it, or something caches it for longer than an hour.',
      fix: 'on pages with /v/{oldest}/ in the tag write /v/{version}/ and its integrity; else let the CDN obey Cache-Control',
    },
  },
  async run(context, tell) {
    const { folder, run, probes } = context;
    const faults: Fault[] = [];
    if (compare(probes.nodeVersion, LEAST_NODE) < 0) {
      faults.push(tell('node', `Node ${probes.nodeVersion}, and ${LEAST_NODE} is the least`));
    }
    if (run?.version !== undefined && run.version !== version) {
      faults.push(tell('other_program', `version ${run.version} runs, and this is ${version}`));
    }
    const values = { data: folder.root, version };
    const format = await formatOf(folder);
    if (format.fault) faults.push(tell(format.fault, format.found, { values }));
    const scripts = await scriptVersions(context);
    const older = scripts.filter(({ name }) => compare(name, version) < 0);
    if (older.length > 0) {
      const told = older.map(({ name, events }) => `${name} (${events} events)`).join(', ');
      const oldest = older.map(({ name }) => name).sort(compare)[0] ?? '';
      faults.push(
        tell('old_scripts', `scripts of ${told} within the day, and ${version} is served`, {
          values: { ...values, oldest },
        }),
      );
    }
    const isOld = Number(probes.nodeVersion.split('.', 1)) < KEPT_NODE;
    const node = `Node ${probes.nodeVersion}${isOld ? ` (no longer repaired: ${KEPT_NODE} is better)` : ''}`;
    const seen = scripts.length === 0 ? 'none seen' : scripts.map(({ name }) => name).join(', ');
    const found = `parcours ${version}, ${node}, ${format.found}, DuckDB ${engineVersion()}, scripts ${seen}`;
    return { found, faults };
  },
});

/** The data's format, beside the one of this version. */
async function formatOf({ root, logs }: Context['folder']): Promise<{
  readonly found: string;
  readonly fault?: 'format_newer' | 'format_older' | 'format_unknown';
}> {
  try {
    const format = await readFormat(root);
    const found = `the data has format ${format}, and this version writes ${FORMAT}`;
    if (format > FORMAT) return { found, fault: 'format_newer' };
    // A folder that nothing has written to yet gets its format at the first start.
    const isUsed = await stat(logs).then(
      () => true,
      () => false,
    );
    if (isUsed && (await pendingMigrations(root)).length > 0) return { found, fault: 'format_older' };
    return { found: `data format ${FORMAT}` };
  } catch (error) {
    if (!(error instanceof DataFormatError)) throw error;
    return { found: error.message, fault: error.code === 'newer_format' ? 'format_newer' : 'format_unknown' };
  }
}

/** Of pages alone: a server names itself as it likes. */
async function scriptVersions({
  probes,
}: Context): Promise<readonly { readonly name: string; readonly events: number }[]> {
  const rows = await probes.query(SCRIPTS).catch(() => []);
  return rows
    .map(({ sdk, events }) => ({ name: String(sdk), events: Number(events) }))
    .filter(({ name }) => /^\d+\.\d+\.\d+$/.test(name));
}

const SCRIPTS = `
SELECT sdk, count(*) AS events FROM events
WHERE source = 'web' AND NOT bot AND received_at > now() - INTERVAL 1 DAY
GROUP BY sdk ORDER BY events DESC, sdk LIMIT 20`;

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
