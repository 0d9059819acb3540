import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVisitorCookie, isCookieSafe } from './visitor_cookie.ts';

const DAY = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const secret = randomBytes(32);

const at = (now: number) => createVisitorCookie({ secret, now: () => now });
const pair = (setCookie: string): string => setCookie.split(';', 1)[0] as string;

it('reads back what it wrote, among other cookies', () => {
  const header = `a=1; ${pair(at(start).write('shop', { id: 'v-1', issuedAt: start }))}; z=2`;
  expect(at(start + DAY).read(header, 'shop')).toEqual({ id: 'v-1', issuedAt: start });
});

it('is out of reach of scripts and bound to the API', () => {
  expect(at(start).write('shop', { id: 'v-1', issuedAt: start })).toMatch(
    /; Max-Age=34128000; Path=\/v1; HttpOnly; Secure; SameSite=Lax$/,
  );
});

it('ends 395 days after its first issue, however often it is written', () => {
  const issued = { id: 'v-1', issuedAt: start };
  const header = pair(at(start + 300 * DAY).write('shop', issued));
  expect(at(start + 300 * DAY).write('shop', issued)).toContain(`Max-Age=${95 * 86_400};`);
  expect(at(start + 395 * DAY - 1).read(header, 'shop')).toEqual(issued);
  expect(at(start + 395 * DAY).read(header, 'shop')).toBeUndefined();
});

it('takes no forged, altered or foreign cookie', () => {
  const good = pair(at(start).write('shop', { id: 'v-1', issuedAt: start }));
  expect(at(start).read(good.replace('v-1', 'v-2'), 'shop')).toBeUndefined();
  expect(at(start).read(good.replace('pc_shop', 'pc_other'), 'other')).toBeUndefined();
  const other = createVisitorCookie({ secret: randomBytes(32), now: () => start });
  expect(other.read(good, 'shop')).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(at(start).read(`pc_shop=${value}`, 'shop')).toBeUndefined();
    }),
  );
});

it('puts no id into a cookie that could break out of it', () => {
  expect(['019aa1c0-0000-7000-8000-000000000001', 'a_B-9'].every(isCookieSafe)).toBe(true);
  expect(['', 'a;b', 'a=b', 'a b', 'a\r\nSet-Cookie: x=1', 'é', 'a.b', 'x'.repeat(65)].some(isCookieSafe)).toBe(false);
});
