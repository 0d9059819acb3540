import { expect, it } from 'vitest';
import { config } from '../config/index.ts';
import { childConfig } from './child_config.ts';

it('tells secret keys to the collector alone', () => {
  const secret = `sk_${'s'.repeat(40)}`;
  const whole = config.parse({ sites: [{ id: 'shop', keys: ['pk_demo'], secretKeys: [secret] }] });
  expect(childConfig('collector', whole)).toEqual(whole);
  const told = childConfig('reader', whole);
  expect(JSON.stringify(told)).not.toContain(secret);
  expect(told).toEqual(config.parse({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
});

it('tells no part where alerts go: the address is a secret', () => {
  const alerts = { webhook: 'https://hooks.example.com/T0-secret', allowedHosts: ['hooks.example.com'] };
  const whole = config.parse({ alerts });
  for (const role of ['collector', 'reader'] as const)
    expect(JSON.stringify(childConfig(role, whole))).not.toContain('T0-secret');
});
