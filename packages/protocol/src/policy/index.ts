/**
 * Policy as code: what a `consent.policy.json` may say, its faults, its hash, and what it comes to for one site and for its
 * pages. For Node: the protocol's root is free of it.
 */
export { browserPolicy } from './browser_policy.ts';
export { BUILT_IN_POLICIES, type BuiltInPolicy, DEFAULT_POLICY, DEFAULT_POLICY_HASH } from './default_policy.ts';
export { definePolicy } from './define_policy.ts';
export { FIELD_NAMES, MADE_FIELDS } from './fields.ts';
export { policyHash } from './hash.ts';
export { maximumOf } from './maxima.ts';
export { nearest } from './nearest.ts';
export { type ParsedPolicy, type PolicyFault, parsePolicy, pathText } from './parse_policy.ts';
export { type Layers, layersOf, resolveRules } from './resolve_rules.ts';
export { policyJsonSchema, policySchema } from './schema.ts';
export { MAX_POLICY_BYTES } from './unsafe.ts';
