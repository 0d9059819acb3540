import { secretHash } from '@parcours/store/control';
import { describe, expect, it } from 'vitest';
import { type SiteInput, siteList } from './options.ts';
import { bearerToken, createSecretKeys, hashSecretKeys } from './secret_keys.ts';

const secret = (letter: string): string => `sk_${letter.repeat(40)}`;
const pepper = Buffer.alloc(32, 1);
const read = (...inputs: readonly SiteInput[]) => hashSecretKeys(siteList.parse(inputs), pepper);

describe('createSecretKeys', () => {
  const sites = read(
    { id: 'shop', keys: ['pk_demo'], secretKeys: [secret('a'), secret('b')] },
    { id: 'other', keys: ['pk_other'], secretKeys: [secret('c')] },
  );

  it('finds the owner of each key, and names the key without telling it', () => {
    const ownerOf = createSecretKeys(sites, pepper);
    const owners = ['a', 'b', 'c'].map((letter) => ownerOf(secret(letter)));
    expect(owners.map((owner) => owner?.site.id)).toEqual(['shop', 'shop', 'other']);
    const names = owners.map((owner) => owner?.name);
    expect(new Set(names).size).toBe(3);
    expect(names.join()).not.toContain('sk_');
  });

  it.each(['', 'pk_demo', secret('a').slice(0, -1), `${secret('a')}a`, secret('A')])('knows nobody by %j', (given) => {
    expect(createSecretKeys(sites, pepper)(given)).toBeUndefined();
  });

  it('knows nobody where no site has a secret key', () => {
    expect(createSecretKeys(read({ id: 'shop', keys: ['pk_demo'] }), pepper)('')).toBeUndefined();
  });

  it('knows nobody under another pepper', () => {
    expect(createSecretKeys(sites, Buffer.alloc(32, 2))(secret('a'))).toBeUndefined();
  });

  it('keeps hashes alone, and takes those that were made elsewhere', () => {
    expect(JSON.stringify(sites)).not.toContain('sk_');
    const hash = secretHash(pepper, secret('d'));
    const told = read({ id: 'shop', keys: ['pk_demo'], secretKeyHashes: [{ id: 'k_1', hash }] });
    expect(createSecretKeys(told, pepper)(secret('d'))).toMatchObject({ site: { id: 'shop' }, name: 'shop k_1' });
  });

  it('names a key the same when another is taken out before it', () => {
    const fewer = read({ id: 'shop', keys: ['pk_demo'], secretKeys: [secret('b')] });
    const nameOf = (list: typeof sites) => createSecretKeys(list, pepper)(secret('b'))?.name;
    expect(nameOf(fewer)).toBe(nameOf(sites));
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
