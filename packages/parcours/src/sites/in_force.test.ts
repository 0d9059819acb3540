import { foldControl, type KnownRecord } from '@parcours/store/control';
import { expect, test } from 'vitest';
import { config } from '../config/index.ts';
import { siteSummaries, sitesInForce } from './in_force.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const at = (ms: number): string => new Date(NOW + ms).toISOString();
let ids = 0;
const record = (ms: number, more: object): KnownRecord =>
  ({ v: 1, id: `id-${++ids}`, at: at(ms), ...more }) as KnownRecord;
const added = (site: string, origins: string[] = []): KnownRecord =>
  record(-100, { kind: 'site_added', site, origins, query_keys: ['size'], hosts: [], cookie_domains: [] });
const publicKey = (site: string, key: string): KnownRecord =>
  record(-50, { kind: 'key_created', key, use: 'public', site, public_key: `pk_${key}` });
const serverKey = (site: string, key: string, more: object = {}): KnownRecord =>
  record(-50, { kind: 'key_created', key, use: 'server', site, hash: 'h'.repeat(43), ...more });

const { sites: configured } = config.parse({
  sites: [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] }],
});
const told = (...records: KnownRecord[]) => ({ configured, control: foldControl(records), now: NOW });

test('sites are those of the file, then those that commands added', () => {
  const sites = sitesInForce(told(added('new', ['https://new.example']), publicKey('new', 'a')));
  expect(sites).toEqual([
    {
      ...{ id: 'shop', origins: ['https://shop.example'], queryKeys: [], hosts: [], cookieDomains: [] },
      ...{ rightsFromPages: [], keys: ['pk_demo'], secretKeyHashes: [] },
    },
    {
      ...{ id: 'new', origins: ['https://new.example'], queryKeys: ['size'], hosts: [], cookieDomains: [] },
      ...{ rightsFromPages: [], keys: ['pk_a'], secretKeyHashes: [] },
    },
  ]);
});

test('pages of a site may ask what a command named, and nothing that this program does not know', () => {
  const named = { ...added('new'), rights_from_pages: ['erase', 'rectify'] } as KnownRecord;
  expect(sitesInForce(told(named))).toMatchObject([{ rightsFromPages: [] }, { rightsFromPages: ['erase'] }]);
});

test('keys by command open a site of the file too, and those that ended open none', () => {
  const [shop] = sitesInForce(
    told(
      ...[publicKey('shop', 'a'), publicKey('shop', 'b'), serverKey('shop', 'c')],
      serverKey('shop', 'over', { expires_at: at(0) }),
      record(-10, { kind: 'key_revoked', key: 'b' }),
      publicKey('nowhere', 'd'),
    ),
  );
  expect(shop).toMatchObject({ keys: ['pk_demo', 'pk_a'], secretKeyHashes: [{ id: 'c', hash: 'h'.repeat(43) }] });
});

test('a site that both have is as the file says', () => {
  const all = told(added('shop', ['https://other.example']), publicKey('shop', 'a'));
  expect(sitesInForce(all)).toMatchObject([
    { id: 'shop', origins: ['https://shop.example'], keys: ['pk_demo', 'pk_a'] },
  ]);
  expect(siteSummaries(all)).toEqual([
    { id: 'shop', origins: ['https://shop.example'], activeKeys: 2, source: 'configuration' },
  ]);
});
