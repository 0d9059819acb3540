import type { Policy } from '@parcours/protocol';
import { DEFAULT_POLICY, DEFAULT_POLICY_HASH } from '@parcours/protocol/policy';
import { type ControlState, policyInForce } from '@parcours/store/control';

/** The policy in force, the built-in one included. */
export interface PolicyNow {
  readonly version: string;
  readonly hash: string;
  readonly policy: Policy;
  /** When it was published, UTC; absent: nothing was, and the built-in one is in force. */
  readonly since?: string;
}

export function policyNow(state: ControlState): PolicyNow {
  const published = policyInForce(state);
  if (!published) return { version: DEFAULT_POLICY.version, hash: DEFAULT_POLICY_HASH, policy: DEFAULT_POLICY };
  const { version, hash, policy, at } = published;
  return { version, hash, policy, since: at };
}
