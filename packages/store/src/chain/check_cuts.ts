import type { KeyObject } from 'node:crypto';
import type { ChainFault } from './check.ts';
import type { ChainCut, FoundCut } from './cut.ts';
import { judgeRecord } from './judge.ts';

/**
 * Checks the cuts of one chain: each must be signed, of this writer, and name the one before it.
 *
 * @param publicKeys undefined: signatures are not judged, for the keys may have been others when a cut was made
 * @returns the newest that can be trusted with its hash, and a fault for each that cannot
 */
export async function checkCuts(
  writer: string,
  found: readonly FoundCut[],
  publicKeys: readonly KeyObject[] | undefined,
): Promise<{ readonly cut?: ChainCut; readonly hash?: string; readonly faults: readonly ChainFault[] }> {
  const faults: ChainFault[] = [];
  let last: { readonly cut: ChainCut; readonly hash: string } | undefined;
  // After one that cannot be trusted the next is taken at its word, as in the chain itself.
  let isTrusted = true;
  for (const { segment, cut } of found) {
    const { hash, isSigned } = cut ? await judgeRecord(cut, publicKeys ?? []) : { hash: undefined, isSigned: false };
    if (!cut || hash === undefined || (publicKeys && !isSigned) || cut.writer !== writer) {
      faults.push({ writer, segment, offset: 0, fault: 'cut' });
      isTrusted = false;
      continue;
    }
    if (isTrusted && cut.previous !== (last?.hash ?? null)) faults.push({ writer, segment, offset: 0, fault: 'cut' });
    last = { cut, hash };
    isTrusted = true;
  }
  return { ...last, faults };
}
