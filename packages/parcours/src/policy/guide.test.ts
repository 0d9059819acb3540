import { expect, it } from 'vitest';
import { guideOf } from './guide.ts';

it('the reference has every rule as it is checked', async () => {
  await expect(guideOf()).toMatchFileSnapshot('../../../../docs/reference/policy.md');
});
