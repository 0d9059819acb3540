import { expect, it } from 'vitest';
import { formatTable } from './table.ts';

const columns = [
  { name: 'type', type: 'VARCHAR' },
  { name: 'events', type: 'BIGINT' },
];

it('lines up text to the left and numbers to the right', () => {
  const rows = [
    ['page_view', 12],
    ['purchase', 3],
  ];
  expect(formatTable({ columns, rows, truncated: false, elapsedMs: 1.4 }).split('\n')).toEqual([
    'type       events',
    '---------  ------',
    'page_view      12',
    'purchase        3',
    '(2 rows, 1 ms)',
    '',
  ]);
});

it('lets no stored value steer the terminal, and cuts long ones', () => {
  const text = formatTable({
    columns,
    rows: [
      ['\u001b[2Jboom', null],
      ['x'.repeat(99), 1],
    ],
    truncated: true,
    elapsedMs: 0,
  });
  expect(text).not.toContain('\u001b');
  expect(text).toContain('·[2Jboom');
  expect(text).toContain(`${'x'.repeat(59)}…`);
  expect(text).toContain('more not shown');
});
