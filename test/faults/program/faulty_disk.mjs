/**
 * Loaded into the program before its own code (`node --import`): fails or delays what it asks of the disk, as the file
 * named in `FAULTY_DISK` says at each moment. What is beside the data folder is left alone. A mount that is full can be had
 * with rights that not every machine gives; one that turns read-only under open files, or a sync that hangs, cannot.
 */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { resolve, sep } from 'node:path';

const { FAULTY_DISK: file, FAULTY_FOLDER: folder } = process.env;

/** `ok`, or what the disk suffers from: `full`, `read-only`, `broken` (syncs fail) or `slow` (writes and syncs take `ms`). */
const now = () => {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return { is: 'ok' };
  }
};
const failure = (code) => Object.assign(new Error(`${code}: made to fail`), { code });
const isInside = (path) => typeof path === 'string' && resolve(path).startsWith(folder + sep);

const refusalOf = (is) => (is === 'full' ? 'ENOSPC' : is === 'read-only' ? 'EROFS' : undefined);

/** Handles of files in the folder. */
const ours = new WeakSet();

const open = promises.open;
promises.open = async (path, flags = 'r', ...rest) => {
  if (!isInside(path)) return open(path, flags, ...rest);
  if (flags !== 'r' && now().is === 'read-only') throw failure('EROFS');
  const handle = await open(path, flags, ...rest);
  ours.add(handle);
  return handle;
};
for (const name of ['mkdir', 'rename', 'writeFile', 'unlink', 'rm', 'link']) {
  const original = promises[name];
  promises[name] = async (path, ...rest) => {
    const code = isInside(path) && refusalOf(now().is);
    // What is removed makes room.
    if (code && !(code === 'ENOSPC' && ['unlink', 'rm', 'rename', 'link'].includes(name))) throw failure(code);
    return original(path, ...rest);
  };
}
syncBuiltinESMExports();

const probe = await open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(probe);
await probe.close();
const { write, sync, datasync } = prototype;
prototype.write = async function writeOrFail(...args) {
  if (ours.has(this)) {
    const { is, ms } = now();
    const code = refusalOf(is);
    if (code) throw failure(code);
    if (is === 'slow') await new Promise((done) => setTimeout(done, ms));
  }
  return write.apply(this, args);
};
for (const [name, original] of Object.entries({ sync, datasync })) {
  prototype[name] = async function syncOrFail() {
    if (ours.has(this)) {
      const { is, ms } = now();
      if (is === 'broken') throw failure('EIO');
      if (is === 'slow') await new Promise((done) => setTimeout(done, ms));
    }
    return original.call(this);
  };
}
