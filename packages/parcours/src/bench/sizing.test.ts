import { expect, it } from 'vitest';
import { diskBytes } from './sizing.ts';

it('adds the log of its days to all that is kept, with head-room', () => {
  const bytes = { log: 600, database: 120, sealed: 40 };
  expect(diskBytes(bytes, { eventsPerDay: 1_000, logDays: 7, keepDays: 100 })).toBe(1_000 * (4_200 + 16_000) * 1.5);
});
