import { expect, it } from 'vitest';
import { BUILT_IN_POLICIES, DEFAULT_POLICY_HASH } from './index.ts';

/** By version of the program, the newest last. */
const PINNED = ['HiWOeMtfwCA6K1AHjMa04n'];

it('a change of the built-in rules keeps those of before: pages that are open over an upgrade still name them', () => {
  const hashes = BUILT_IN_POLICIES.map(({ hash }) => hash);
  const [mend] = [
    'put the built-in policy of before into EARLIER_BUILT_IN, whole, and the new hash at the end of this list',
  ];
  expect(hashes, mend).toEqual(PINNED);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashes.at(-1)).toBe(DEFAULT_POLICY_HASH);
});
