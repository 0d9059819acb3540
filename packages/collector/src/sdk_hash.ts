import { createHash } from 'node:crypto';
import type { Script } from './options.ts';

/** The sha384 of `p.js` of each version, `sha384-…`: which build told of a choice. Made when it is first asked for. */
export function sdkHashOf(scripts: readonly Script[]): (version: string) => string | undefined {
  const made = new Map<string, string>();
  return (version) => {
    const known = made.get(version);
    if (known !== undefined) return known;
    const script = scripts.find((each) => each.version === version && each.file === 'p.js');
    if (!script) return undefined;
    const hash = `sha384-${createHash('sha384').update(script.bytes).digest('base64')}`;
    made.set(version, hash);
    return hash;
  };
}
