import { expect, it } from 'vitest';
import { config } from '../config.ts';
import { childConfig } from './child_config.ts';

it('tells secret keys to the collector alone', () => {
  const secret = `sk_${'s'.repeat(40)}`;
  const whole = config.parse({ sites: [{ id: 'shop', keys: ['pk_demo'], secretKeys: [secret] }] });
  expect(childConfig('collector', whole)).toEqual(whole);
  const told = childConfig('reader', whole);
  expect(JSON.stringify(told)).not.toContain(secret);
  expect(told).toEqual(config.parse({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
});
