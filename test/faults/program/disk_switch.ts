import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/child.ts';

/** How the disk under a program is. */
export type DiskState =
  | { readonly is: 'ok' | 'full' | 'read-only' | 'broken' }
  | { readonly is: 'slow'; readonly ms: number };

/** A disk that can be made to fail while a program runs on it: see `faulty_disk.mjs`. */
export function createDiskSwitch(folder: string) {
  const file = join(folder, 'disk.json');
  const data = join(folder, 'data');
  const turn = (state: DiskState): void => writeFileSync(file, JSON.stringify(state));
  turn({ is: 'ok' });
  return {
    data,
    /** What the program needs to be started with. */
    env: {
      NODE_OPTIONS: `--import ${join(ROOT, 'test/faults/program/faulty_disk.mjs')}`,
      FAULTY_DISK: file,
      FAULTY_FOLDER: data,
    },
    turn,
  };
}
