import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Never looked into: what others wrote, and what git keeps. */
const SKIPPED = new Set(['node_modules', '.git']);

/**
 * One text for the names and contents of files: the same as long as none came, went or changed.
 *
 * @param {string} root
 * @param {(path: string) => boolean} isMeant  by the path from the root, with slashes
 * @returns {string}
 */
export function fingerprint(root, isMeant) {
  const hash = createHash('sha256');
  for (const path of filesUnder(root, '').filter(isMeant)) {
    const content = readFileSync(join(root, path));
    // The length keeps the end of one file apart from the name of the next.
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('base64url');
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {readonly string[]} in an order that is the same everywhere
 */
function filesUnder(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter(({ name }) => !SKIPPED.has(name));
  return entries
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(root, path) : [path];
    })
    .sort();
}
