import type { ControlState } from './kinds/index.ts';
import type { PolicyPublished } from './kinds/policy_published.ts';
import { compareRecords } from './record.ts';

/** Every policy that was ever published, oldest first. */
export const policiesOf = (state: Pick<ControlState, 'policy_published'>): readonly PolicyPublished[] =>
  [...state.policy_published.values()].sort(compareRecords);

/** The policy that was published last; undefined where none was, and the built-in one is in force. */
export const policyInForce = (state: Pick<ControlState, 'policy_published'>): PolicyPublished | undefined =>
  policiesOf(state).at(-1);
