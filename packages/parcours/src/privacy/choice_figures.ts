import type { FoundReceipt } from '@parcours/store/receipts';

/** Choices of one consent source and one country. */
interface Figures {
  readonly source: string;
  readonly country?: string;
  grants: number;
  withdrawals: number;
  readonly purposes: Record<string, number>;
}

/** Counts choices by source and country, the most frequent first. Memory grows with sources and countries alone. */
export async function choiceFigures(
  receipts: AsyncIterable<Pick<FoundReceipt, 'receipt'>>,
): Promise<readonly Readonly<Figures>[]> {
  const rows = new Map<string, Figures>();
  for await (const { receipt } of receipts) {
    const { source, country, action, purposes } = receipt;
    const name = `${source} ${country ?? ''}`;
    const row = rows.get(name) ?? {
      ...{ source, grants: 0, withdrawals: 0, purposes: {} },
      ...(country !== undefined && { country }),
    };
    rows.set(name, row);
    if (action === 'withdraw') row.withdrawals += 1;
    else {
      row.grants += 1;
      for (const purpose of new Set(purposes.granted)) row.purposes[purpose] = (row.purposes[purpose] ?? 0) + 1;
    }
  }
  return [...rows.values()].sort((a, b) => b.grants + b.withdrawals - (a.grants + a.withdrawals));
}
