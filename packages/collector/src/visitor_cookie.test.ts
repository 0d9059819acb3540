import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVisitorCookie, isCookieSafe } from './visitor_cookie.ts';

const DAY = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const secret = randomBytes(32);
const shop = { site: 'shop', domain: undefined };
const shared = { site: 'shop', domain: 'shop.example' };

const at = (now: number) => createVisitorCookie({ secret, now: () => now });
const pair = (setCookie: string): string => setCookie.split(';', 1)[0] as string;

it('reads back what it wrote, among other cookies', () => {
  const header = `a=1; ${pair(at(start).write(shop, { id: 'v-1', issuedAt: start }))}; z=2`;
  expect(at(start + DAY).read(header, shop)).toEqual({ id: 'v-1', issuedAt: start, isElsewhere: false });
});

it('is out of reach of scripts and lies in the folder that was asked', () => {
  expect(at(start).write(shop, { id: 'v-1', issuedAt: start })).toMatch(
    /^[^;]+; Max-Age=34128000; HttpOnly; Secure; SameSite=Lax$/,
  );
});

it('is shared by the hosts of a domain where one is given', () => {
  expect(at(start).write(shared, { id: 'v-1', issuedAt: start })).toMatch(
    /^[^;]+; Max-Age=34128000; Domain=shop\.example; HttpOnly; Secure; SameSite=Lax$/,
  );
});

it('ends 395 days after its first issue, however often it is written', () => {
  const issued = { id: 'v-1', issuedAt: start };
  const header = pair(at(start + 300 * DAY).write(shop, issued));
  expect(at(start + 300 * DAY).write(shop, issued)).toContain(`Max-Age=${95 * 86_400};`);
  expect(at(start + 395 * DAY - 1).read(header, shop)).toMatchObject(issued);
  expect(at(start + 395 * DAY).read(header, shop)).toBeUndefined();
});

it('tells that it was set for another domain than the one in force', () => {
  const header = pair(at(start).write(shop, { id: 'v-1', issuedAt: start }));
  expect(at(start).read(header, shared)).toEqual({ id: 'v-1', issuedAt: start, isElsewhere: true });
  const moved = pair(at(start).write(shared, { id: 'v-1', issuedAt: start }));
  expect(at(start).read(moved, shared)).toMatchObject({ isElsewhere: false });
  expect(at(start).read(moved, shop)).toMatchObject({ isElsewhere: true });
});

it('takes the one written last where a change of the domain has left two, so that no reset is undone', () => {
  const before = pair(at(start).write(shop, { id: 'before', issuedAt: start - DAY }));
  const after = pair(at(start + 1).write(shared, { id: 'after-reset', issuedAt: start + 1 }));
  for (const header of [`${before}; ${after}`, `${after}; ${before}`]) {
    expect(at(start + DAY).read(header, shared)).toMatchObject({ id: 'after-reset', isElsewhere: false });
    // The setting was taken back: what was known last is carried over, not what lies there.
    expect(at(start + DAY).read(header, shop)).toMatchObject({ id: 'after-reset', isElsewhere: true });
  }
});

it('is not spoilt by a worthless cookie of the same name', () => {
  const good = pair(at(start).write(shop, { id: 'v-1', issuedAt: start }));
  expect(at(start).read(`pc_shop=x; ${good}; pc_shop=`, shop)).toMatchObject({ id: 'v-1' });
});

it('takes no forged, altered or foreign cookie', () => {
  const good = pair(at(start).write(shop, { id: 'v-1', issuedAt: start }));
  expect(at(start).read(good.replace('v-1', 'v-2'), shop)).toBeUndefined();
  expect(at(start).read(good.replace('pc_shop', 'pc_other'), { ...shop, site: 'other' })).toBeUndefined();
  const other = createVisitorCookie({ secret: randomBytes(32), now: () => start });
  expect(other.read(good, shop)).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(at(start).read(`pc_shop=${value}`, shop)).toBeUndefined();
    }),
  );
});

it('puts no id into a cookie that could break out of it', () => {
  expect(['019aa1c0-0000-7000-8000-000000000001', 'a_B-9'].every(isCookieSafe)).toBe(true);
  expect(['', 'a;b', 'a=b', 'a b', 'a\r\nSet-Cookie: x=1', 'é', 'a.b', 'x'.repeat(65)].some(isCookieSafe)).toBe(false);
});
