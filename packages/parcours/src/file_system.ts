import { readFile, realpath, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** What a folder lies on. */
export interface FileSystem {
  /** As the system calls it: `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly type: string;
  /** Where it is mounted. */
  readonly mount: string;
  /** What is mounted: a device, or a server's address. */
  readonly source: string;
  readonly isReadOnly: boolean;
  /**
   * `disk`: nothing against it. `network`: the bytes lie on another machine, where a lock or a sync is that machine's word.
   * `memory`: gone with the machine. `container`: gone with the container. `unknown`: a program stands between, which may do either.
   */
  readonly kind: 'disk' | 'network' | 'memory' | 'container' | 'unknown';
}

/** What the system tells, as a parameter: how else could a test have an NFS. */
export interface FileSystemReading {
  /** The magic number of `statfs(2)`. */
  readonly magic: number;
  /** The text of `/proc/self/mountinfo`. */
  readonly mounts: string;
  /** The folder, links resolved. */
  readonly path: string;
}

/**
 * The file system of a folder, or of its nearest parent where it is not made yet; undefined where the system does not tell
 * (all but Linux).
 */
export async function fileSystemOf(folder: string): Promise<FileSystem | undefined> {
  if (process.platform !== 'linux') return undefined;
  const path = await nearestFolder(folder);
  const [{ type: magic }, mounts] = await Promise.all([statfs(path), readFile('/proc/self/mountinfo', 'utf8')]);
  return readFileSystem({ magic, mounts, path });
}

/**
 * Two sources, since neither is enough: the magic number says `FUSE` for sshfs and for NTFS alike, and a list of mounts may
 * be a container's, which shows names of its own.
 */
export function readFileSystem({ magic, mounts, path }: FileSystemReading): FileSystem {
  const mount = mountOf(mounts, path);
  const type = mount?.type ?? TYPES[magic] ?? `0x${magic.toString(16)}`;
  const { mount: at = '/', source = '', isReadOnly = false } = mount ?? {};
  return { type, mount: at, source, isReadOnly, kind: kindOf(type, magic) };
}

/**
 * Names by magic number, of those that matter here (`linux/magic.h`, statfs(2), and the drivers' own sources).
 */
const TYPES: Readonly<Record<number, string>> = {
  26985: 'nfs',
  20859: 'smb',
  4283649346: 'cifs',
  4266872130: 'smb3',
  16914839: '9p',
  1702057286: 'fuse',
  1397113167: 'afs',
  1799439955: 'afs',
  1937076805: 'coda',
  22092: 'ncpfs',
  12805120: 'ceph',
  18225520: 'gfs2',
  1952539503: 'ocfs2',
  198183888: 'lustre',
  1196443219: 'gpfs',
  428016422: 'beegfs',
  2020557398: 'vboxsf',
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  2035054128: 'overlay',
};

const NETWORK = new Set(
  `nfs nfs4 smb smbfs smb3 cifs 9p afs coda ncpfs ceph gfs2 ocfs2 lustre gpfs beegfs pvfs2 orangefs glusterfs vboxsf
  fuse.sshfs fuse.s3fs fuse.goofys fuse.gcsfuse fuse.rclone fuse.glusterfs fuse.ceph fuse.ceph-fuse fuse.davfs davfs
  fuse.davfs2 fuse.curlftpfs fuse.juicefs fuse.mount-s3 fuse.blobfuse fuse.blobfuse2 fuse.seaweedfs fuse.smbnetfs
  fuse.moosefs fuse.mfs fuse.lizardfs fuse.objectivefs fuse.cifs fuse.google-drive-ocamlfuse fuse.beegfs`.split(/\s+/),
);
const MEMORY = new Set(['tmpfs', 'ramfs', 'rootfs']);
const CONTAINER = new Set(['overlay', 'overlayfs', 'aufs', 'fuse.fuse-overlayfs']);
/** FUSE that writes to a disk of this machine. */
const LOCAL_FUSE = new Set(['fuseblk', 'fuse.ntfs-3g', 'fuse.mergerfs', 'fuse.bindfs', 'fuse.gocryptfs', 'fuse.encfs']);

function kindOf(type: string, magic: number): FileSystem['kind'] {
  for (const name of [type, TYPES[magic] ?? '']) {
    if (NETWORK.has(name)) return 'network';
    if (MEMORY.has(name)) return 'memory';
    if (CONTAINER.has(name)) return 'container';
  }
  if (LOCAL_FUSE.has(type)) return 'disk';
  return /^(fuse|virtiofs|fakeowner|prl_fs)/.test(type) ? 'unknown' : 'disk';
}

interface Mount {
  readonly mount: string;
  readonly type: string;
  readonly source: string;
  readonly isReadOnly: boolean;
}

/** The mount that a path lies on: the one with the longest name, and of several on one place the last, which hides the others. */
function mountOf(mounts: string, path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mounts.split('\n')) {
    const each = readMount(line);
    if (!each || !isWithin(path, each.mount)) continue;
    if (!found || each.mount.length >= found.mount.length) found = each;
  }
  return found;
}

/** One line, as proc_pid_mountinfo(5) has it: a dash parts what varies in number from the type, the source and its options. */
function readMount(line: string): Mount | undefined {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , , mount, options = ''] = before.split(' ');
  const [type, source = '', superOptions = ''] = after.split(' ');
  if (mount === undefined || type === undefined || type === '') return undefined;
  const isReadOnly = [options, superOptions].some((list) => list.split(',').includes('ro'));
  return { mount: plain(mount), type, source: plain(source), isReadOnly };
}

/** Spaces and the like stand there as `\040`. */
const plain = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const isWithin = (path: string, mount: string): boolean =>
  path === mount || path.startsWith(mount.endsWith('/') ? mount : `${mount}/`);

/** A folder, links resolved, or the nearest parent that is there already. */
export async function nearestFolder(folder: string): Promise<string> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    try {
      return await realpath(at);
    } catch (error) {
      if (dirname(at) === at) throw error;
    }
  }
}
