import { basename, dirname } from 'node:path';
import type { LogFiles, LogReader, LogWriter } from './files.ts';

/**
 * A file layer in memory, for tests: it forgets what a power cut may make a disk forget. A process killed with SIGKILL
 * loses nothing that it wrote, so only a layer like this one can show a missing sync.
 */
export interface VolatileDisk {
  /** The disk as one process sees it: after a crash whatever that process still tries is rejected with EIO. */
  mount(): LogFiles;
  /**
   * Cuts the power: unsynced names are gone, removed names not synced since are back, and of each file's unsynced bytes
   * as many are left as `keep` says; by default none.
   */
  crash(keep?: (unsyncedBytes: number) => number): void;
  /** Bytes that fit; beyond it writes end with ENOSPC after what fits. Default: no end. */
  setCapacity(bytes: number): void;
  /** What `diskUse` tells. Default 0. */
  setDiskUse(share: number): void;
  /** Changes a file where it lies, as a failing disk does. */
  edit(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
}

export type Operation =
  | 'create'
  | 'open'
  | 'list'
  | 'makeFolder'
  | 'syncFolder'
  | 'syncFile'
  | 'replace'
  | 'remove'
  | 'link'
  | 'append'
  | 'datasync';

/** What happens to one operation: it fails with a code, an `append` after having written some of its bytes. */
export interface Fault {
  readonly code: string;
  readonly written?: number;
}

/** Asked before each operation: a fault fails it, a promise delays it. */
export type BeforeOperation = (operation: Operation, path: string) => Fault | undefined | Promise<Fault | undefined>;

interface File {
  readonly kind: 'file';
  /** What the running system reads. */
  bytes: Uint8Array;
  /** What is on the disk. */
  durable: Uint8Array;
  /** From here on bytes are dirty: a sync writes these and no others. */
  dirtyFrom: number;
}

interface Folder {
  readonly kind: 'folder';
  names: Map<string, File | Folder>;
  durable: Map<string, File | Folder>;
}

const newFolder = (): Folder => ({ kind: 'folder', names: new Map(), durable: new Map() });
const newFile = (): File => ({ kind: 'file', bytes: new Uint8Array(), durable: new Uint8Array(), dirtyFrom: 0 });

/** An empty disk with a root folder. */
export function createVolatileDisk(before: BeforeOperation = () => undefined): VolatileDisk {
  const root = newFolder();
  let powerCuts = 0;
  let capacity = Number.POSITIVE_INFINITY;
  let diskUse = 0;

  function find(path: string): File | Folder | undefined {
    if (dirname(path) === path) return root;
    const parent = find(dirname(path));
    return parent?.kind === 'folder' ? parent.names.get(basename(path)) : undefined;
  }

  function folderAt(path: string): Folder {
    const found = find(path);
    if (found?.kind !== 'folder') throw fileError('ENOENT', path);
    return found;
  }

  function fileAt(path: string): File {
    const found = find(path);
    if (found?.kind !== 'file') throw fileError('ENOENT', path);
    return found;
  }

  function mount(): LogFiles {
    const mountedAt = powerCuts;
    const alive = (path: string): void => {
      if (mountedAt !== powerCuts) throw fileError('EIO', path);
    };

    /** Every operation passes here; the power may go before it and while it is delayed. */
    async function run<T>(operation: Operation, path: string, act: (fault: Fault | undefined) => T): Promise<T> {
      alive(path);
      const fault = await before(operation, path);
      alive(path);
      if (fault && fault.written === undefined) throw fileError(fault.code, path);
      return act(fault);
    }

    async function synced(operation: Operation, file: File, path: string): Promise<void> {
      try {
        await run(operation, path, () => {
          // What an earlier sync lost is a hole of zeros.
          const lost = new Uint8Array(Math.max(0, file.dirtyFrom - file.durable.length));
          file.durable = joined(file.durable, lost, file.bytes.subarray(file.dirtyFrom));
        });
      } finally {
        // Also after a failure: the pages are clean and no later sync will write them.
        file.dirtyFrom = file.bytes.length;
      }
    }

    const writer = (file: File, path: string): LogWriter => ({
      append: (bytes) =>
        run('append', path, (fault) => {
          const fits = Math.min(fault?.written ?? bytes.length, Math.max(0, capacity - bytesOf(root)));
          file.bytes = joined(file.bytes, bytes.subarray(0, fits));
          if (fits < bytes.length) throw fileError(fault?.code ?? 'ENOSPC', path);
        }),
      datasync: () => synced('datasync', file, path),
      size: async () => file.bytes.length,
      close: async () => {},
    });

    const reader = (file: File): LogReader => ({
      read: async (position, length) => file.bytes.slice(position, position + length),
      size: async () => file.bytes.length,
      close: async () => {},
    });

    return {
      create: (path) =>
        run('create', path, () => {
          const { names } = folderAt(dirname(path));
          if (names.has(basename(path))) throw fileError('EEXIST', path);
          const file = newFile();
          names.set(basename(path), file);
          return writer(file, path);
        }),
      open: (path) => run('open', path, () => reader(fileAt(path))),
      list: (folder) =>
        run('list', folder, () => {
          const found = find(folder);
          return found?.kind === 'folder' ? [...found.names.keys()] : [];
        }),
      makeFolder: (folder) =>
        run('makeFolder', folder, () => {
          const { names } = folderAt(dirname(folder));
          if (names.has(basename(folder))) return false;
          names.set(basename(folder), newFolder());
          return true;
        }),
      syncFolder: (folder) =>
        run('syncFolder', folder, () => {
          const found = folderAt(folder);
          found.durable = new Map(found.names);
        }),
      syncFile: async (path) => synced('syncFile', fileAt(path), path),
      replace: (path, bytes) =>
        run('replace', path, () => {
          folderAt(dirname(path)).names.set(basename(path), { ...newFile(), bytes: bytes.slice() });
        }),
      remove: (path) =>
        run('remove', path, () => {
          fileAt(path);
          folderAt(dirname(path)).names.delete(basename(path));
        }),
      link: (path, name) =>
        run('link', path, () => {
          const { names } = folderAt(dirname(name));
          if (names.has(basename(name))) throw fileError('EEXIST', name);
          names.set(basename(name), fileAt(path));
        }),
      diskUse: async () => diskUse,
    };
  }

  return {
    mount,
    crash(keep = () => 0) {
      powerCuts += 1;
      cutPower(root, keep);
    },
    setCapacity(bytes) {
      capacity = bytes;
    },
    setDiskUse(share) {
      diskUse = share;
    },
    edit(path, change) {
      const file = fileAt(path);
      file.bytes = change(file.bytes);
      file.durable = file.bytes;
      file.dirtyFrom = file.bytes.length;
    },
  };
}

function cutPower(node: File | Folder, keep: (unsyncedBytes: number) => number): void {
  if (node.kind === 'folder') {
    node.names = new Map(node.durable);
    for (const child of node.names.values()) cutPower(child, keep);
    return;
  }
  const dirty = node.bytes.subarray(node.dirtyFrom);
  // Lost bytes before them would be a hole; the log never writes behind one.
  const kept = node.dirtyFrom === node.durable.length ? keep(dirty.length) : 0;
  node.bytes = joined(node.durable, dirty.subarray(0, kept));
  node.durable = node.bytes;
  node.dirtyFrom = node.bytes.length;
}

const bytesOf = (node: File | Folder): number =>
  node.kind === 'file' ? node.bytes.length : [...node.names.values()].reduce((sum, child) => sum + bytesOf(child), 0);

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const fileError = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
