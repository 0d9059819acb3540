import { defineCheck } from '../check.ts';

/** Where the data lies: an acknowledged event must be on a disk of this machine. */
export const fileSystem = defineCheck({
  name: 'file-system',
  about: 'What the data folder lies on: a disk of this machine, or something that loses or locks.',
  faults: {
    network: {
      verdict: 'red',
      means:
        'The data lies on another machine: a sync is only a promise of the server, locks may not hold, and databases break. `parcours serve` refuses to start there.',
      fix: 'move the data folder from {mount} ({type}) to a disk of this machine and name it with "data"',
    },
    read_only: {
      verdict: 'red',
      means: 'Nothing can be written: every event is answered with 503.',
      fix: 'see why with dmesg (a failing disk is made read-only), then: mount -o remount,rw {mount}',
    },
    memory: {
      verdict: 'warning',
      means: 'The data is gone when the machine restarts.',
      fix: 'move the data folder from {mount} ({type}) to a disk; in a container mount a volume there',
    },
    container: {
      verdict: 'warning',
      means: 'The data is gone with the container.',
      fix: 'mount a volume at the data folder, such as: docker run -v parcours-data:{data}',
    },
    unknown: {
      verdict: 'warning',
      means:
        'A program stands between the folder and the disk (FUSE, or the shared folder of a virtual machine), and may not pass on a sync.',
      fix: 'move the data folder from {mount} ({type}) to a disk of this machine',
    },
  },
  async run({ folder, probes }, tell) {
    const system = await probes.fileSystem(folder.root);
    if (!system) return { notChecked: 'only Linux tells what a folder lies on' };
    const { type, mount, source, kind, isReadOnly } = system;
    const found = `${type} at ${mount}${source === '' ? '' : ` (${source})`}`;
    const values = { type, mount, data: folder.root };
    const faults = [];
    if (kind !== 'disk') faults.push(tell(kind, found, { values }));
    if (isReadOnly) faults.push(tell('read_only', `${found}, read-only`, { values }));
    return { found, faults };
  },
});
