import type { Config } from './config/index.ts';
import { type FileSystem, fileSystemOf } from './file_system.ts';

/**
 * Why a program must not start on a data folder: it lies on a network file system, and nobody has said why that is right.
 * Undefined where it may.
 */
export async function networkFault(
  { data, networkDataReason }: Pick<Config, 'data' | 'networkDataReason'>,
  look: (folder: string) => Promise<FileSystem | undefined> = fileSystemOf,
): Promise<string | undefined> {
  if (networkDataReason !== undefined) return undefined;
  const system = await look(data);
  if (system?.kind !== 'network') return undefined;
  return `data: ${data} lies on a network file system (${system.type}, mounted at ${system.mount}), where acknowledged events can be lost; choose a folder on a disk of this machine with --data`;
}
