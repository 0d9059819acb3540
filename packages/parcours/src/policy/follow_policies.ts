import type { Policy } from '@parcours/protocol';
import { pathText, policySchema } from '@parcours/protocol/policy';
import { type ControlFeed, type PolicyPublished, policiesOf } from '@parcours/store/control';

/** A policy as the collector takes it. */
export interface FollowedPolicy {
  readonly policy: Policy;
  readonly hash: string;
  readonly published_at: string;
}

export interface FollowPoliciesOptions {
  readonly feed: ControlFeed;
  /** Called at once, and whenever another may have been published: all that ever were, the oldest first. */
  readonly onPolicies: (published: readonly FollowedPolicy[]) => void;
  /** Told of a policy that this program cannot read, once. */
  readonly onWrong: (version: string, reason: string) => void;
}

/** Keeps the policies up to date. Returns its stop. */
export function followPolicies({ feed, onPolicies, onWrong }: FollowPoliciesOptions): () => void {
  const told = new Set<string>();
  let last: string | undefined;

  const wrong = (version: string, reason: string): void => {
    if (!told.has(version)) onWrong(version, reason);
    told.add(version);
  };
  const tell = (): void => {
    const published = policiesOf(feed.state);
    const ids = published.map(({ id }) => id).join(' ');
    if (ids === last) return;
    last = ids;
    onPolicies(published.map((each) => readablePolicy(each, wrong)));
  };

  tell();
  return feed.onChange(tell, ['policy_published']);
}

/** A policy as it was published; one that this program cannot read lets nothing be granted. */
export function readablePolicy(
  { version, hash, policy, at }: Pick<PolicyPublished, 'version' | 'hash' | 'policy' | 'at'>,
  onWrong: FollowPoliciesOptions['onWrong'] = () => undefined,
): FollowedPolicy {
  const { error } = policySchema.safeParse(policy);
  if (!error) return { policy, hash, published_at: at };
  onWrong(version, pathed(error.issues[0]));
  return { policy: closed(version), hash, published_at: at };
}

const pathed = (issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string =>
  issue === undefined ? 'invalid' : `${pathText(issue.path as (string | number)[])}: ${issue.message}`;

/**
 * In place of a policy of a newer program: under it nothing can be granted, so nothing is collected. What it says is not
 * known, and the one before it may allow what this one forbids.
 */
const closed = (version: string): Policy => ({ policy: 1, version, rules: { purposes: {} } });
