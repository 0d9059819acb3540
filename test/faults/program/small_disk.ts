import { execFileSync } from 'node:child_process';

/** A mount of its own for one process and what it starts; it goes with them. */
const UNSHARE = process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--user', '--map-root-user', '--mount'];

/** Whether this machine lets a process have a mount of its own: as root, or where users may have namespaces. */
export function mayMount(): boolean {
  try {
    execFileSync('unshare', [...UNSHARE.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What stands before a command so that it finds a disk of so many megabytes at a path. */
export const onSmallDisk = (path: string, megabytes: number): readonly string[] => [
  ...UNSHARE,
  'sh',
  '-c',
  `mkdir -p '${path}' && mount -t tmpfs -o size=${megabytes}m,mode=0700 tmpfs '${path}' && exec "$0" "$@"`,
];
