import { describe, expect, it } from 'vitest';
import { type SiteInput, siteList } from './options.ts';
import { bearerToken, createSecretKeys } from './secret_keys.ts';

const secret = (letter: string): string => `sk_${letter.repeat(40)}`;
const read = (...inputs: readonly SiteInput[]) => siteList.parse(inputs);

describe('createSecretKeys', () => {
  const sites = read(
    { id: 'shop', keys: ['pk_demo'], secretKeys: [secret('a'), secret('b')] },
    { id: 'other', keys: ['pk_other'], secretKeys: [secret('c')] },
  );

  it('finds the owner of each key, and names the key without telling it', () => {
    const ownerOf = createSecretKeys(sites);
    const owners = ['a', 'b', 'c'].map((letter) => ownerOf(secret(letter)));
    expect(owners.map((owner) => owner?.site.id)).toEqual(['shop', 'shop', 'other']);
    const names = owners.map((owner) => owner?.name);
    expect(new Set(names).size).toBe(3);
    expect(names.join()).not.toContain('sk_');
  });

  it.each(['', 'pk_demo', secret('a').slice(0, -1), `${secret('a')}a`, secret('A')])('knows nobody by %j', (given) => {
    expect(createSecretKeys(sites)(given)).toBeUndefined();
  });

  it('knows nobody where no site has a secret key', () => {
    expect(createSecretKeys(read({ id: 'shop', keys: ['pk_demo'] }))('')).toBeUndefined();
  });
});

it.each([
  ['Bearer sk_1', 'sk_1'],
  ['bearer   sk_1 ', 'sk_1'],
  ['BEARER sk_1', 'sk_1'],
  ['Bearer', ''],
  ['Bearer ', ''],
  ['Basic c2hvcDpzaG9w', undefined],
  ['Bearersk_1', undefined],
  ['', undefined],
])('reads %j as the token %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

describe('siteList', () => {
  it.each<[string, SiteInput[], string]>([
    ['short', [{ id: 'shop', keys: ['pk'], secretKeys: ['sk_short'] }], '0.secretKeys.0'],
    ['not fit for a header', [{ id: 'shop', keys: ['pk'], secretKeys: [`${secret('a')} b`] }], '0.secretKeys.0'],
    ['public too', [{ id: 'shop', keys: [secret('a')], secretKeys: [secret('a')] }], '0.secretKeys.0'],
    [
      "another site's public key",
      [
        { id: 'shop', keys: ['pk'], secretKeys: [secret('b'), secret('a')] },
        { id: 'other', keys: [secret('a')] },
      ],
      '0.secretKeys.1',
    ],
    [
      "another site's too",
      [
        { id: 'shop', keys: ['pk'], secretKeys: [secret('a')] },
        { id: 'other', keys: ['pk'], secretKeys: [secret('a')] },
      ],
      '1.secretKeys.0',
    ],
  ])('refuses a secret key that is %s, and does not repeat it', (_what, sites, path) => {
    const { error } = siteList.safeParse(sites);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(JSON.stringify(error?.issues)).not.toContain('aaaa');
  });
});
