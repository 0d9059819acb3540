import { statfs } from 'node:fs/promises';

/** How full the disk of a folder is, as `df` counts for an ordinary user; nothing where the system does not say. */
export async function diskOf(
  folder: string,
): Promise<{ readonly freeBytes: number; readonly sizeBytes: number } | undefined> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(folder);
    // Blocks kept for root count neither as used nor as free.
    return { freeBytes: bavail * bsize, sizeBytes: (blocks - bfree + bavail) * bsize };
  } catch {
    return undefined;
  }
}
