import { expect, it } from 'vitest';
import { faultsOf } from './health.ts';
import type { ConsoleStatus } from './program_status.ts';

const WELL: ConsoleStatus = {
  startedAt: 0,
  alerts: [],
  parts: [
    { role: 'collector', isUp: true, startedAt: 0, restarts: 0 },
    { role: 'reader', isUp: true, startedAt: 0, restarts: 3 },
  ],
};
const loader = { lagMs: 200, backlogBytes: 0 };
const names = (given: Partial<Parameters<typeof faultsOf>[0]>): readonly string[] =>
  faultsOf({ status: WELL, loader, sites: 1, ...given }).map(({ name }) => name);

it('finds nothing where all is well, and nothing where nobody says anything', () => {
  expect(names({})).toEqual([]);
  expect(names({ status: undefined, loader: undefined, sites: undefined })).toEqual([]);
});

it('tells the alerts of the program, and what it sees itself, each once', () => {
  const alerts = [{ name: 'lag', since: 5, text: 'late' }];
  const late = { lagMs: 61_000, backlogBytes: 9, lastError: 'disk full' };
  expect(names({ status: { ...WELL, alerts }, loader: late })).toEqual(['lag', 'load_failing']);
  expect(names({ loader: { ...loader, lagMs: 60_001 } })).toEqual(['lag']);
  expect(names({ loader: { ...loader, lagMs: 60_000 } })).toEqual([]);
});

it('says which part is down, and that no site is there', () => {
  const parts = [{ role: 'collector', isUp: false, restarts: 2 }] as const;
  expect(names({ status: { ...WELL, parts }, sites: 0 })).toEqual(['collector_silent', 'no_site']);
});
