import { expect, it } from 'vitest';
import { allowsAddress } from './policy.ts';

const PAGE = new URL('https://shop.example/boots');

it.each([
  ['*', 'https://collect.example/v1/events', true],
  ["'none'", 'https://shop.example/v1/events', false],
  ["'self'", 'https://shop.example/v1/events', true],
  ["'self'", 'https://www.shop.example/v1/events', false],
  ['https:', 'https://collect.example/v1/events', true],
  ['wss:', 'https://collect.example/v1/events', false],
  ['collect.example', 'https://collect.example/v1/events', true],
  ['collect.example', 'http://collect.example/v1/events', false],
  ['http://collect.example', 'https://collect.example/v1/events', true],
  ['*.shop.example', 'https://collect.shop.example/v1/events', true],
  ['*.shop.example', 'https://shop.example/v1/events', false],
  ['*.shop.example', 'https://evilshop.example/v1/events', false],
  ['https://collect.example:8443', 'https://collect.example/v1/events', false],
  ['https://collect.example:8443', 'https://collect.example:8443/v1/events', true],
  ['https://collect.example:*', 'https://collect.example:8443/v1/events', true],
  ['https://collect.example/v1/', 'https://collect.example/v1/events', true],
  ['https://collect.example/v1', 'https://collect.example/v1/events', false],
  ['https://collect.example/v1/events', 'https://collect.example/v1/events', true],
  ['HTTPS://Collect.Example', 'https://collect.example/v1/events', true],
  ["'unsafe-inline'", 'https://collect.example/v1/events', false],
])('%s and %s: %s', (source, address, allowed) => {
  expect(allowsAddress([source], new URL(address), PAGE)).toBe(allowed);
});
