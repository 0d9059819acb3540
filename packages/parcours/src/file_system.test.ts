import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileSystemOf, readFileSystem } from './file_system.ts';
import { networkFault } from './refuse_network.ts';

const ROOT = '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw';
const at = (mount: string, type: string, options = 'rw'): string =>
  `${ROOT}\n31 27 0:50 / ${mount} ${options},relatime shared:1 master:2 - ${type} server:/shop ${options}`;

it.each([
  ['nfs4', 0x6969, 'network'],
  ['cifs', 0xff534d42, 'network'],
  ['smb3', 0xfe534d42, 'network'],
  ['9p', 0x01021997, 'network'],
  ['ceph', 0x00c36400, 'network'],
  ['fuse.sshfs', 0x65735546, 'network'],
  ['fuse.s3fs', 0x65735546, 'network'],
  ['fuse.glusterfs', 0x65735546, 'network'],
  ['fuse.something', 0x65735546, 'unknown'],
  ['virtiofs', 0x65735546, 'unknown'],
  ['fuseblk', 0x65735546, 'disk'],
  ['tmpfs', 0x01021994, 'memory'],
  ['overlay', 0x794c7630, 'container'],
  ['xfs', 0x58465342, 'disk'],
  ['btrfs', 0x9123683e, 'disk'],
])('%s is a %s file system', (type, magic, kind) => {
  const read = readFileSystem({ magic, mounts: at('/srv/data', type), path: '/srv/data/parcours' });
  expect(read).toEqual({ type, mount: '/srv/data', source: 'server:/shop', isReadOnly: false, kind });
});

it('believes the magic number where a container hides the mount', () => {
  expect(readFileSystem({ magic: 0x6969, mounts: ROOT, path: '/srv/data' })).toMatchObject({ kind: 'network' });
  expect(readFileSystem({ magic: 0x6969, mounts: '', path: '/srv/data' })).toMatchObject({ type: 'nfs', mount: '/' });
});

it('finds the mount that a path lies on', () => {
  const on = (mounts: string, path: string): string => readFileSystem({ magic: 0xef53, mounts, path }).type;
  expect(on(at('/srv/data', 'xfs'), '/srv/database')).toBe('ext4');
  expect(on(at('/srv/data', 'xfs'), '/srv/data')).toBe('xfs');
  expect(on(at('/srv/my\\040data', 'xfs'), '/srv/my data/a')).toBe('xfs');
  // The later one hides the earlier.
  expect(on(`${at('/srv', 'xfs')}\n32 27 0:51 / /srv rw - btrfs /dev/vdb rw`, '/srv/a')).toBe('btrfs');
});

it('tells what is mounted read-only', () => {
  expect(readFileSystem({ magic: 0xef53, mounts: at('/srv', 'ext4', 'ro'), path: '/srv/a' }).isReadOnly).toBe(true);
});

it('reads a real tmpfs, for a folder that is yet to be made too', async () => {
  expect(await fileSystemOf('/dev/shm/parcours/not/yet')).toMatchObject({
    type: 'tmpfs',
    mount: '/dev/shm',
    kind: 'memory',
  });
});

// A mount of one's own needs root; everyone has the one of before.
it.runIf(process.getuid?.() === 0)('reads a read-only mount that is as real as any', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-mount-'));
  try {
    const script = `mount -t tmpfs -o ro parcours ${folder} && cat /proc/self/mountinfo`;
    const mounts = execFileSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' });
    const read = readFileSystem({ magic: 0x01021994, mounts, path: join(folder, 'data') });
    expect(read).toEqual({ type: 'tmpfs', mount: folder, source: 'parcours', isReadOnly: true, kind: 'memory' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('refuses a network file system unless told why it is right', async () => {
  const look = async () => readFileSystem({ magic: 0x6969, mounts: at('/srv', 'nfs4'), path: '/srv/data' });
  const fault = await networkFault({ data: '/srv/data' }, look);
  expect(fault).toContain('/srv/data lies on a network file system (nfs4, mounted at /srv)');
  expect(fault).not.toContain('\n');
  expect(await networkFault({ data: '/srv/data', networkDataReason: 'NetApp, sync mounts' }, look)).toBeUndefined();
  expect(await networkFault({ data: tmpdir() })).toBeUndefined();
});
