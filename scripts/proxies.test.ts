import { expect, test } from 'vitest';
import { startChild } from '../test/support/child.ts';
import { findProxy } from './proxies.mjs';

test('a proxy that does not start is not used, and named', async () => {
  const env = { PARCOURS_NGINX: '/no/such/nginx' };
  const child = startChild(process.execPath, ['scripts/proxies.mjs'], { env });
  const { code } = await child.ended;
  expect(code).toBe(1);
  expect(child.output()).toBe('PARCOURS_NGINX is "/no/such/nginx", which does not start as nginx\n');
});

test('the proxy asked for is the one used', () => {
  expect(findProxy('nginx', { PARCOURS_NGINX: process.execPath })).toBe(process.execPath);
});
