import { expect, test } from 'vitest';
import { startChild } from '../test/support/child.ts';
import { chromiumArgs, findChromium } from './chromium.mjs';

test('a browser that does not start is not used, and named', async () => {
  const child = startChild(process.execPath, ['scripts/chromium.mjs'], {
    env: { PARCOURS_CHROMIUM: '/no/such/browser' },
  });
  const { code } = await child.ended;
  expect(code).toBe(1);
  expect(child.output()).toBe('PARCOURS_CHROMIUM is "/no/such/browser", which does not start as a browser\n');
});

test('the browser asked for is the one used', () => {
  expect(findChromium({ ...process.env, PARCOURS_CHROMIUM: process.execPath })).toBe(process.execPath);
});

test('the sandbox stays on for everyone but root', () => {
  expect(chromiumArgs(1000)).not.toContain('--no-sandbox');
  expect(chromiumArgs(0)).toContain('--no-sandbox');
});
