import { createHash } from 'node:crypto';
import type { BrowserPolicy, Policy, SiteRules } from '@parcours/protocol';
import {
  BUILT_IN_POLICIES,
  type BuiltInPolicy,
  browserPolicy,
  DEFAULT_POLICY,
  DEFAULT_POLICY_HASH,
  resolveRules,
} from '@parcours/protocol/policy';

/** A policy as it was published. */
export interface PublishedPolicy {
  readonly policy: Policy;
  /** `policyHash` of it. */
  readonly hash: string;
  /** RFC 3339. */
  readonly published_at: string;
}

/** The policies of a collector: by which it judges, and which its pages get. */
export interface Policies {
  /** What a site is judged by, from the moment that the collector has the policy. The same object until that changes. */
  rulesOf(site: string): SiteRules;
  /** The policy by which all is judged now. */
  current(): PolicyInForce;
  /** Whether a policy with this hash was ever in force. */
  knows(hash: string): boolean;
  /** The version of the policy with this hash. */
  versionOf(hash: string): string | undefined;
  /** What the pages of a site get. */
  served(site: string): ServedPolicy;
  /** Puts other policies in the place of those before, in the order in which they were published. */
  set(published: readonly PublishedPolicy[]): void;
}

export interface PolicyInForce {
  readonly version: string;
  readonly hash: string;
}

/** The browser's part of a policy as it is sent. */
export interface ServedPolicy {
  readonly text: string;
  readonly etag: string;
}

/**
 * Ms between the publication of a policy and the first page that gets it. Every collector follows what is published within
 * one second: so none is ever told of a policy that it does not know.
 */
export const SERVED_AFTER_MS = 2_000;

/**
 * @param now         ms since the epoch
 * @param everBuiltIn those of this version of the program and of all before it
 */
export function createPolicies(
  published: readonly PublishedPolicy[],
  now: () => number,
  everBuiltIn: readonly BuiltInPolicy[] = BUILT_IN_POLICIES,
): Policies {
  const builtIn = inForce(DEFAULT_POLICY, DEFAULT_POLICY_HASH, Number.NEGATIVE_INFINITY);
  let all: readonly InForce[] = [builtIn];
  let versions: ReadonlyMap<string, string> = new Map();
  let judging = builtIn;
  const set = (next: readonly PublishedPolicy[]): void => {
    // What was in force before the first was published is known: stamps that name it may still be on their way.
    all = [
      builtIn,
      ...next.map((each) => {
        const same = all.find(({ hash, from }) => hash === each.hash && from === Date.parse(each.published_at));
        return same ?? inForce(each.policy, each.hash, Date.parse(each.published_at));
      }),
    ];
    versions = new Map([
      ...everBuiltIn.map(({ hash, policy }) => [hash, policy.version] as const),
      ...all.map(({ hash, version }) => [hash, version] as const),
    ]);
    judging = all.at(-1) as InForce;
  };
  set(published);

  return {
    set,
    rulesOf: (site) => judging.rulesOf(site),
    current: () => judging,
    knows: (hash) => versions.has(hash),
    versionOf: (hash) => versions.get(hash),
    served(site) {
      const ripe = now() - SERVED_AFTER_MS;
      const policy = all.findLast(({ from }) => from <= ripe) ?? builtIn;
      return policy.servedTo(site);
    },
  };
}

interface InForce extends PolicyInForce {
  /** Ms since the epoch. */
  readonly from: number;
  rulesOf(site: string): SiteRules;
  servedTo(site: string): ServedPolicy;
}

function inForce(policy: Policy, hash: string, from: number): InForce {
  const rules = onceFor((site) => resolveRules(policy, site));
  const served = onceFor((site) => sent(browserPolicy(rules(site), hash)));
  return { version: policy.version, hash, from, rulesOf: rules, servedTo: served };
}

function sent(policy: BrowserPolicy): ServedPolicy {
  const text = JSON.stringify(policy);
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

/** Remembers what was made of each site; asked for known sites alone, so it does not grow. */
function onceFor<T>(make: (site: string) => T): (site: string) => T {
  const made = new Map<string, T>();
  return (site) => {
    const known = made.get(site);
    if (known !== undefined) return known;
    const value = make(site);
    made.set(site, value);
    return value;
  };
}
