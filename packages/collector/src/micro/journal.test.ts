import { expect, it } from 'vitest';
import { createJournal } from './journal.ts';

const answered = (statuses: readonly string[]) => ({
  answer: { status: 200, headers: {}, body: JSON.stringify({ results: statuses.map((status) => ({ status })) }) },
  origin: undefined,
  batch: { events: statuses.map(() => ({})) },
});

const openJournal = () => createJournal({ now: () => 0, number: () => 1, onCount: () => {}, onChange: () => {} });

it('does not add up where an event was promised and is nowhere', () => {
  const journal = openJournal();
  journal.exchanged(answered(['duplicate', 'filtered']));
  expect(journal.accounts()).toMatchObject({ received: 2, adds_up: true });
  journal.exchanged(answered(['accepted']));
  expect(journal.accounts()).toMatchObject({ received: 3, accepted: 1, adds_up: false });
});

it('does not add up where an event was sent and not answered for', () => {
  const journal = openJournal();
  journal.exchanged({ ...answered(['duplicate']), batch: { events: [{}, {}] } });
  expect(journal.accounts()).toMatchObject({ received: 2, duplicate: 1, adds_up: false });
});

it('keeps the newest thousand of what was refused, and counts all', () => {
  const journal = openJournal();
  const answer = { status: 401, headers: {}, body: '{"error":{"code":"unknown_key","message":"no"}}' };
  for (let i = 0; i < 1_001; i++)
    journal.exchanged({ answer, origin: undefined, batch: { site: `s${i}`, events: [] } });
  expect(journal.refused()).toHaveLength(1_000);
  expect(journal.refused().at(-1)?.site).toBe('s1000');
  expect(journal.accounts()).toMatchObject({ refused: 1_001, received: 0, adds_up: true });
});
