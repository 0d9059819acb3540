import { expect, it } from 'vitest';
import { choiceFrom } from './signals.ts';

const mapping = { audience: ['stats', 'storage'], ads_share: ['ads'], crm_join: [] };

it.each([
  ['grants where every signal is true', { stats: true, storage: true }, { audience: true }],
  ['denies where one is false', { stats: true, storage: false, ads: false }, { audience: false, ads_share: false }],
  ['denies where one is false and another missing', { storage: false }, { audience: false }],
  ['leaves unknown where one is missing', { stats: true }, {}],
  ['never grants what lists no signal', { crm_join: true }, {}],
  ['takes nothing but true for a yes', { stats: 1 as never, storage: 'true' as never }, {}],
])('%s', (_, signals, choice) => {
  expect(choiceFrom(signals, mapping)).toEqual(choice);
});
