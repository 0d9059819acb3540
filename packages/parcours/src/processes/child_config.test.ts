import { expect, it } from 'vitest';
import { config } from '../config/index.ts';
import { childConfig } from './child_config.ts';

it('tells no part where alerts go: the address is a secret', () => {
  const alerts = { webhook: 'https://hooks.example.com/T0-secret', allowedHosts: ['hooks.example.com'] };
  const sites = [{ id: 'shop', keys: ['pk_demo'] }];
  const told = childConfig(config.parse({ alerts, sites }));
  expect(JSON.stringify(told)).not.toContain('T0-secret');
  expect(told.sites).toEqual(config.parse({ sites }).sites);
});
