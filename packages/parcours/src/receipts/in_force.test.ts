import { createMemoryReceipts, type NewReceipt, type Receipt } from '@parcours/store/receipts';
import { expect, test } from 'vitest';
import { receiptsInForce } from './in_force.ts';

const DAY = { from: Date.parse('2026-11-22T00:00:00.000Z'), to: Date.parse('2026-11-23T00:00:00.000Z') };

/** One visitor's choice; its id is told, so that a test reads as its story. */
function choice(receipt_id: string, chosen_at: string, changed: Partial<NewReceipt> = {}): NewReceipt {
  return {
    receipt_id,
    site: 'shop',
    subject: 'somebody',
    action: 'grant',
    purposes: { granted: ['audience', 'crm_join'], denied: [] },
    source: 'manual',
    gpc: false,
    chosen_at,
    received_at: chosen_at,
    expires_at: '2027-05-01T00:00:00.000Z',
    ...changed,
  };
}
const withdrawal = (chosen_at: string, ...denied: string[]): NewReceipt => {
  const { expires_at: _, ...rest } = choice(`w ${chosen_at}`, chosen_at);
  return { ...rest, action: 'withdraw', purposes: { granted: [], denied } };
};

async function inForce(...choices: readonly NewReceipt[]): Promise<Record<string, readonly string[]>> {
  const receipts = createMemoryReceipts();
  for (const each of choices) await receipts.append(each);
  const all: readonly Receipt[] = receipts.records();
  const found = await receiptsInForce(
    (async function* () {
      for (const receipt of all) yield { receipt };
    })(),
    DAY,
  );
  return Object.fromEntries([...found].map(([id, { purposes }]) => [id, purposes]));
}

const BOTH = ['audience', 'crm_join'];

test.each<[string, readonly NewReceipt[], Record<string, readonly string[]>]>([
  ['nothing was chosen', [], {}],
  ['chosen before', [choice('a', '2026-11-01T10:00:00.000Z')], { a: BOTH }],
  ['chosen in the last moment of the day', [choice('a', '2026-11-22T23:59:59.999Z')], { a: BOTH }],
  ['chosen the day after', [choice('a', '2026-11-23T00:00:00.000Z')], {}],
  [
    'expired as the day began',
    [choice('a', '2026-05-01T10:00:00.000Z', { expires_at: '2026-11-22T00:00:00.000Z' })],
    {},
  ],
  [
    'expired on the day',
    [choice('a', '2026-05-01T10:00:00.000Z', { expires_at: '2026-11-22T00:00:00.001Z' })],
    { a: BOTH },
  ],
  [
    'followed by another before',
    [
      choice('a', '2026-11-01T10:00:00.000Z'),
      choice('b', '2026-11-02T10:00:00.000Z', { purposes: { granted: ['audience'], denied: [] } }),
    ],
    { b: ['audience'] },
  ],
  [
    'the same, received the other way round',
    [choice('b', '2026-11-02T10:00:00.000Z'), choice('a', '2026-11-01T10:00:00.000Z')],
    { b: BOTH },
  ],
  [
    'followed by another on the day',
    [choice('a', '2026-11-01T10:00:00.000Z'), choice('b', '2026-11-22T10:00:00.000Z')],
    { a: BOTH, b: BOTH },
  ],
  [
    'taken back whole before',
    [choice('a', '2026-11-01T10:00:00.000Z'), withdrawal('2026-11-02T10:00:00.000Z', ...BOTH)],
    {},
  ],
  [
    'taken back in part before',
    [choice('a', '2026-11-01T10:00:00.000Z'), withdrawal('2026-11-02T10:00:00.000Z', 'crm_join')],
    { a: ['audience'] },
  ],
  [
    'taken back on the day',
    [choice('a', '2026-11-01T10:00:00.000Z'), withdrawal('2026-11-22T10:00:00.000Z', ...BOTH)],
    { a: BOTH },
  ],
  [
    'taken back, then chosen again',
    [
      choice('a', '2026-11-01T10:00:00.000Z'),
      withdrawal('2026-11-02T10:00:00.000Z', ...BOTH),
      choice('b', '2026-11-03T10:00:00.000Z'),
    ],
    { b: BOTH },
  ],
  [
    'two visitors',
    [choice('a', '2026-11-01T10:00:00.000Z'), choice('b', '2026-11-02T10:00:00.000Z', { subject: 'other' })],
    { a: BOTH, b: BOTH },
  ],
])('in force on a day: %s', async (_, choices, expected) => {
  expect(await inForce(...choices)).toEqual(expected);
});
