import { readFile, stat } from 'node:fs/promises';
import { defineCheck, type Fault } from '../check.ts';

/** The one file that no rebuild brings back. */
export const secrets = defineCheck({
  name: 'secrets',
  about: 'The secrets file: there, readable by its owner alone, and owned by whoever owns the data.',
  faults: {
    missing: {
      verdict: 'red',
      means:
        'There is data, and what signs cookies and keys the joins with the CRM is gone: a start would make new ones, and the joins of before would be lost.',
      fix: 'bring {path} back from a backup before anything else: parcours restore <backup file>',
    },
    unreadable: {
      verdict: 'red',
      means: 'The program cannot start.',
      fix: 'bring {path} back from a backup; where it is only the permissions: chown it to the user that runs parcours',
    },
    open: {
      verdict: 'red',
      means: 'Other users of this machine can read what signs visitors and opens the tables.',
      fix: 'chmod 600 {path}',
    },
    owner: {
      verdict: 'warning',
      means: 'The user that owns the data cannot read the secrets: the next start fails.',
      fix: 'chown {uid} {path}',
    },
  },
  async run({ folder }, tell) {
    const path = folder.secrets;
    const data = await stat(folder.root).catch(() => undefined);
    if (!data) return { notChecked: `there is no folder ${folder.root} yet` };
    const file = await stat(path).catch(() => undefined);
    if (!file) {
      if (!(await stat(folder.logs).catch(() => undefined))) {
        return { notChecked: 'they are made at the first start' };
      }
      return { found: 'none', faults: [tell('missing', `${path} is missing`, { values: { path } })] };
    }
    const faults: Fault[] = [];
    const mode = (file.mode & 0o777).toString(8).padStart(4, '0');
    if ((file.mode & 0o077) !== 0) faults.push(tell('open', `${path} has mode ${mode}`, { values: { path } }));
    if (file.uid !== data.uid) {
      const found = `${path} is of user ${file.uid}, the data folder of user ${data.uid}`;
      faults.push(tell('owner', found, { values: { path, uid: data.uid } }));
    }
    const fault = await faultOf(path);
    if (fault) faults.push(tell('unreadable', `${path} cannot be used: ${fault}`, { values: { path } }));
    return { found: `${path}, mode ${mode}`, faults };
  },
});

/** Without the program's own reader, which repairs the mode as it reads: a look must change nothing. */
async function faultOf(path: string): Promise<string | undefined> {
  try {
    const held = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    const missing = ['cookie', 'join', 'admin'].filter((name) => typeof held[name] !== 'string');
    return missing.length === 0 ? undefined : `it lacks ${missing.join(', ')}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
  }
}
