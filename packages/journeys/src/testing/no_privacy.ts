import { DEFAULT_POLICY, DEFAULT_POLICY_HASH } from '@parcours/protocol/policy';
import type { PrivacySources } from '../privacy/sources.ts';

/** A program in which nobody has chosen anything yet. */
export const NOTHING_CHOSEN: PrivacySources = {
  policy: () => ({ version: DEFAULT_POLICY.version, hash: DEFAULT_POLICY_HASH, policy: DEFAULT_POLICY }),
  choices: async () => [],
  receipts: async () => ({ found: [], all: 0 }),
  keptFor: () => ({ exempt: 395, events: 395, failed: 395, counts: 395 }),
  retention: async () => undefined,
  actions: async () => [],
};
