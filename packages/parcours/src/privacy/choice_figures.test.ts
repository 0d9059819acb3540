import type { Receipt } from '@parcours/store/receipts';
import { expect, it } from 'vitest';
import { choiceFigures } from './choice_figures.ts';

async function* told(...receipts: readonly Partial<Receipt>[]): AsyncGenerator<{ readonly receipt: Receipt }> {
  for (const receipt of receipts) yield { receipt: receipt as Receipt };
}

it('counts by source and country, the most frequent first, and each purpose once a grant', async () => {
  const grant = {
    action: 'grant',
    source: 'tcf',
    purposes: { granted: ['audience', 'audience'], denied: [] },
  } as const;
  expect(
    await choiceFigures(
      told(
        { ...grant, source: 'manual' },
        { ...grant, country: 'FR' },
        { ...grant, country: 'FR', purposes: { granted: ['audience', 'crm_join'], denied: [] } },
        { ...grant, country: 'FR', action: 'withdraw', purposes: { granted: [], denied: ['audience'] } },
        { ...grant, country: 'BE', purposes: { granted: [], denied: ['audience'] } },
        { ...grant, source: 'manual' },
      ),
    ),
  ).toEqual([
    { source: 'tcf', country: 'FR', grants: 2, withdrawals: 1, purposes: { audience: 2, crm_join: 1 } },
    { source: 'manual', grants: 2, withdrawals: 0, purposes: { audience: 2 } },
    { source: 'tcf', country: 'BE', grants: 1, withdrawals: 0, purposes: {} },
  ]);
});
