import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldControl } from './fold.ts';
import { keysOf } from './keys.ts';
import type { KnownRecord } from './kinds/index.ts';
import { controlFault } from './parse.ts';
import { policiesOf, policyInForce } from './policies.ts';
import type { ControlRecord } from './record.ts';
import { sitesOf } from './sites.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');

/** Few names and few moments, so that records meet: the same subject, the same time. */
const time = fc.nat(6).map((n) => new Date(START + n).toISOString());
const head = { v: fc.constant(1 as const), id: fc.uuid(), at: time };
const site = fc.constantFrom('shop', 'other');
const key = fc.constantFrom('k1', 'k2', 'k3');
const list = fc.array(fc.constantFrom('https://a.example', 'https://b.example'), { maxLength: 2 });
const kind = <Name extends string>(name: Name) => fc.constant(name);
const hash = fc.constantFrom('a', 'b').map((letter) => letter.repeat(43));

const record: fc.Arbitrary<ControlRecord> = fc.oneof(
  fc.record({
    ...head,
    kind: kind('site_added'),
    site,
    origins: list,
    query_keys: list,
    hosts: list,
    cookie_domains: list,
  }),
  fc.record({ ...head, kind: kind('site_removed'), site }),
  fc.record({
    ...head,
    kind: kind('key_created'),
    key,
    use: kind('public'),
    site,
    public_key: fc.constantFrom('pk_1', 'pk_2'),
  }),
  fc.record({ ...head, kind: kind('key_created'), key, use: kind('server'), site, hash, expires_at: time }),
  fc.record({ ...head, kind: kind('key_created'), key, use: kind('console'), role: kind('analyst'), hash }),
  fc.record({ ...head, kind: kind('key_revoked'), key }),
  fc.record({ ...head, kind: kind('key_expires'), key, expires_at: time }),
  fc.record({
    ...head,
    kind: kind('failures_settled'),
    failed_ids: fc.array(fc.constantFrom('f1', 'f2', 'f3'), { minLength: 1, maxLength: 3 }),
    as: fc.constantFrom('replayed', 'filtered', 'purged'),
  }),
  fc.record(
    { ...head, kind: kind('failures_purged'), before: time, site, code: fc.constantFrom('c1', 'c2') },
    { requiredKeys: ['v', 'id', 'at', 'kind', 'before'] },
  ),
  fc.record(
    {
      ...head,
      kind: kind('consent_withdrawn'),
      site,
      subject: fc.constantFrom('s1', 's2'),
      purposes: fc.uniqueArray(fc.constantFrom('audience', 'crm_join', 'ads_share'), { minLength: 1 }),
      withdrawn_at: time,
    },
    { requiredKeys: ['v', 'id', 'at', 'kind', 'site', 'subject', 'withdrawn_at'] },
  ),
  fc.record(
    {
      ...head,
      kind: kind('subject_erased'),
      hashes: fc.uniqueArray(
        fc.constantFrom('a', 'b', 'c').map((letter) => letter.repeat(32)),
        { minLength: 1 },
      ),
      site,
    },
    { requiredKeys: ['v', 'id', 'at', 'kind', 'hashes'] },
  ),
  fc
    .record({
      ...head,
      kind: kind('policy_published'),
      version: fc.constantFrom('1.0.0', '2.0.0'),
      hash: fc.constantFrom('a', 'b'),
    })
    .map((each) => ({ ...each, hash: each.hash.repeat(22), policy: { policy: 1, version: each.version } })),
  fc.record({ ...head, kind: kind('of_a_newer_program'), site }),
);

const shuffled = fc
  .array(record, { maxLength: 30 })
  .chain((records) =>
    fc.tuple(
      fc.constant(records),
      fc.array(fc.nat(Math.max(0, records.length - 1)), { maxLength: 15 }),
      fc.infiniteStream(fc.nat()),
    ),
  )
  .map(([records, repeats, ranks]) => {
    const all = [...records, ...(records.length > 0 ? repeats.map((n) => records[n] as ControlRecord) : [])];
    const ranked = all.map((each) => ({ each, rank: ranks.next().value as number }));
    return { records, again: ranked.sort((a, b) => a.rank - b.rank).map(({ each }) => each) };
  });

test('the same records give the same state, whatever their order and however often each comes', () => {
  fc.assert(
    fc.property(shuffled, fc.nat(6), ({ records, again }, ms) => {
      const [state, other] = [foldControl(records), foldControl(again)];
      expect(other).toEqual(state);
      expect(keysOf(other, START + ms)).toEqual(keysOf(state, START + ms));
      expect(sitesOf(other)).toEqual(sitesOf(state));
      expect(policiesOf(other)).toEqual(policiesOf(state));
      expect(policyInForce(other)).toEqual(policyInForce(state));
    }),
    { numRuns: 500 },
  );
});

test('two halves that are read apart fold as one', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), fc.array(record, { maxLength: 20 }), (first, second) => {
      expect(foldControl([...second, ...first])).toEqual(foldControl([...first, ...second]));
    }),
  );
});

test('every record that the guard lets pass folds', () => {
  fc.assert(
    fc.property(record, (each) => {
      expect(controlFault(each)).toBeUndefined();
      expect(controlFault(JSON.parse(JSON.stringify(each)))).toBeUndefined();
      foldControl([each as KnownRecord]);
    }),
  );
});
