import { expect, it } from 'vitest';
import { CHECKS } from './checks/index.ts';
import { guideOf } from './guide.ts';

it('the guide says what the checks say', async () => {
  await expect(guideOf(CHECKS)).toMatchFileSnapshot('../../../../docs/operate/doctor.md');
});

it('every fault of every check says what it means and what to do', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
  for (const { name, faults } of CHECKS) {
    for (const [code, { means, fix }] of Object.entries(faults)) {
      expect([name, code, means.length > 20 && means.endsWith('.'), fix.length > 5]).toEqual([name, code, true, true]);
    }
  }
});
