import { expect, it } from 'vitest';
import { figuresOf, type Row, tableOf } from './figures.mjs';

const subjects = [
  { name: 'empty page', kind: 'empty' },
  { name: 'p.js', kind: 'parcours' },
  { name: 'A', kind: 'peer' },
  { name: 'B', kind: 'peer' },
] as const;

/** A round in which the processor had more or less else to do, for each page alike. */
const round = (noise: number): Map<string, Record<string, number>> =>
  new Map<string, Record<string, number>>([
    ['empty page', { loadMs: 50 + noise }],
    ['p.js', { loadMs: 90 + noise, arrived: 1000, preflights: 0 }],
    ['A', { loadMs: 70 + noise, arrived: 600, preflights: 1 }],
    ['B', { loadMs: 130 + noise, arrived: 900, preflights: 1 }],
  ]);

const figures = figuresOf(subjects, [round(0), round(400), round(20)]);
const figure = (key: string): Row => figures.find((row) => row.figure === key) as Row;

it('takes off what the empty page cost in the same round', () => {
  expect(figure('loadMs').values['p.js']).toEqual({ median: 40, min: 40, max: 40 });
  expect(figure('loadMs').values['empty page']).toEqual({ median: 70, min: 50, max: 450 });
});

it('compares with the best peer, be that the least or the most', () => {
  expect(figure('loadMs')).toMatchObject({ best_peer: 'A', ratio: 2 });
  expect(figure('arrived')).toMatchObject({ best_peer: 'B', ratio: 1000 / 900 });
});

it('holds the script tag to its goals', () => {
  expect(figure('loadMs').is_met).toBe(true);
  expect(figure('arrived').is_met).toBe(true);
  const slow = round(0).set('p.js', { loadMs: 99, arrived: 999 });
  const missed = figuresOf(subjects, [slow]).filter(({ is_met }) => is_met === false);
  expect(missed.map(({ figure }) => figure)).toEqual(['loadMs', 'arrived']);
});

it('tells the spread where it is wide, and nothing of what was not measured', () => {
  const rows = tableOf(figures);
  const load = rows.find(([title]) => title?.startsWith('load, ms CPU'));
  expect(load).toEqual([expect.any(String), '70 (50–450)', '40', '20', '80', '2.00 (A)', '≤ 48', 'met']);
  const calls = rows.find(([title]) => title?.startsWith('1000 calls, ms CPU'));
  expect(calls?.slice(1)).toEqual(['', '', '', '', '', '≤ 1000', '']);
});
