import { access, chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  backUp,
  backUpInEachTest,
  data,
  file,
  folder,
  killAll,
  parcours,
  served,
  start,
} from '../support/backed_up.ts';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, startChild } from '../support/child.ts';
import { runParcours } from '../support/command.ts';
import { askProgram, rowsWhen } from '../support/reader.ts';
import type { Served } from '../support/serve.ts';

backUpInEachTest();

describe('parcours backup', () => {
  it('declares every file of a running data folder as kept or made again', async () => {
    await postEvents(await start(), [anEvent(), anEvent({ type: 'Bad' })]);
    await rowsWhen(
      () => askProgram('SELECT 1 FROM events', { data }),
      (rows) => rows.length === 1,
    );
    const { DERIVED, filesUnder, isKept } = await import('../../packages/parcours/src/backup/kept.ts');
    const undeclared = (await filesUnder(data, '')).filter(
      (path) => !isKept(path) && !DERIVED.some((pattern) => pattern.test(path)),
    );
    expect(undeclared).toEqual([]);
  });

  it('goes through a pipe, and refuses to overwrite, to lie in the data folder, and to be made of nothing', async () => {
    await postEvents(await start(), [anEvent()]);
    const piped = startChild('sh', [
      '-c',
      `node ${BIN} backup - --data ${data} | node ${BIN} restore - --data ${folder}/copy`,
    ]);
    expect((await piped.ended).code).toBe(0);
    expect(piped.output()).toContain('1 from the log');
    expect(await backUp()).toMatchObject({ code: 0 });
    const twice = await backUp('--json');
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stderr)).toEqual({
      error: { code: 'exists', message: `${file} is there already; it is not overwritten` },
    });
    const inside = await parcours('backup', join(data, 'b.tar'), '--data', data);
    expect(inside.stderr).toMatch(/lies in the data folder/);
    const nothing = await parcours('backup', join(folder, 'n.tar'), '--data', join(folder, 'none'));
    expect(nothing.stderr).toMatch(/is no data folder/);
    const rebuilt = await parcours('rebuild', '--data', join(folder, 'none'));
    expect(rebuilt).toMatchObject({ code: 1, stderr: expect.stringMatching(/is no data folder/) });
    expect((await readdir(folder)).sort()).toEqual(['backup.tar', 'config.json', 'copy', 'data']);
    const nowhere = await parcours('snapshot', join(folder, 'none', 's.duckdb'), '--data', data);
    expect(nowhere.stderr.split('\n')).toEqual([expect.stringContaining('s.duckdb could not be written'), '']);
  });

  it('tells whoever may not read the data folder so, and not that nothing runs', async () => {
    const root = process.getuid?.() === 0;
    await mkdir(data, { recursive: true });
    await chmod(data, root ? 0o700 : 0);
    const asked = await runParcours(['query', 'SELECT 1', '--data', data], {
      ...(root && { uid: 65_534, gid: 65_534 }),
    });
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringMatching(/^parcours: .* may not be read/) });
    await chmod(data, 0o700);
  });

  it('leaves nothing half where the disk takes no more', async () => {
    await postEvents(await start(), [anEvent()]);
    // A limit on the size of a file stands for a full disk: the write fails in the midst of it.
    const limited = startChild('bash', ['-c', `ulimit -f 20; node ${BIN} backup ${file} --data ${data}`]);
    expect((await limited.ended).code).toBe(1);
    expect(limited.output()).toMatch(/^parcours: .*backup\.tar could not be written: EFBIG/);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'data']);
  });

  it('warns where it leaves the secrets out, and a restore of it makes new ones', async () => {
    await postEvents(await start(), [anEvent()]);
    const { stderr } = await backUp('--without-secrets');
    expect(stderr).toMatch(/^parcours: without secrets: .*joins with the CRM are lost$/m);
    await killAll();
    await rm(data, { recursive: true });
    expect((await parcours('restore', file, '--data', data, '--no-rebuild')).stderr).toMatch(/without secrets/);
    await start();
    expect((served as Served).child.output()).toContain('made new secrets');
    await rowsWhen(
      () => askProgram('SELECT 1 FROM events', { data }),
      (rows) => rows.length === 1,
    );
  });
});

describe('parcours restore', () => {
  it('brings back sites and keys that were made by command', async () => {
    await start();
    await parcours('site', 'add', 'by-command', '--origin', 'https://shop.example', '--data', data);
    const list = async (): Promise<unknown> =>
      JSON.parse((await parcours('key', 'list', '--data', data, '--json')).stdout);
    const keys = await list();
    expect(JSON.stringify(keys)).toContain('by-command');
    await backUp();
    await killAll();
    await rm(data, { recursive: true });
    expect((await parcours('restore', file, '--data', data)).code).toBe(0);
    // The configuration's own keys are listed too while the program runs.
    await start();
    expect(await list()).toEqual(keys);
  });

  it('refuses a folder that is used, running, or half restored, and a file that is none', async () => {
    await postEvents(await start(), [anEvent()]);
    await backUp();
    expect((await parcours('restore', file, '--data', data)).stderr).toMatch(/a parcours \(process \d+\) runs on/);
    await killAll();
    expect((await parcours('restore', file, '--data', data)).stderr).toMatch(/is not empty/);
    const half = join(folder, 'half');
    await mkdir(join(half, '.restoring'), { recursive: true });
    expect((await parcours('restore', file, '--data', half)).stderr).toMatch(/did not come to its end/);
    expect((await parcours('serve', '--data', half, '--port', '0', '--console-port', '0')).stderr).toMatch(
      /did not come/,
    );
    const other = await parcours('restore', join(folder, 'config.json'), '--data', join(folder, 'new'), '--json');
    expect(JSON.parse(other.stderr)).toMatchObject({ error: { code: 'not_a_backup' } });
    await expect(access(join(folder, 'new'))).rejects.toThrow();
    const missing = await parcours('restore', join(folder, 'missing.tar'), '--data', join(folder, 'new'));
    expect(missing.stderr).toMatch(/missing\.tar cannot be read \(ENOENT\)/);
  });
});
