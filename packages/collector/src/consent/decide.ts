import { type FilteredCode, grants, LIMITS, type Purpose, stampFault } from '@parcours/protocol';

/**
 * Decides, stamp by stamp, whether events may be kept: the second of the two decisions, trusting nothing of the first.
 * Whatever is missing, malformed, expired or does not name the purpose is denied.
 *
 * @param stamps the batch's stamps as sent, of any shape
 * @param sentAt time of sending by the sender's clock, ms: a choice's age is told by the clock that dated it
 */
export function createDecision(
  stamps: readonly unknown[],
  sentAt: number,
): (pointer: unknown, purpose: Purpose) => FilteredCode | undefined {
  const faults = stamps.map((stamp) => stampFault(stamp, sentAt, LIMITS));
  return (pointer, purpose) => {
    if (typeof pointer !== 'number' || !(pointer in stamps)) return 'consent_missing';
    const fault = faults[pointer];
    if (fault) return fault;
    return grants(stamps[pointer] as { purposes: readonly string[] }, purpose) ? undefined : 'consent_denied';
  };
}
