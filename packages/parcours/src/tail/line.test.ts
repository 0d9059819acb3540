import { expect, it } from 'vitest';
import { formatLine } from './line.ts';

const failed = {
  received_at: '2026-11-25T10:00:00.123Z',
  site: 'shop',
  type: 'purchase',
  decision: 'failed',
  detail: 'invalid_field: props.currency',
  count: 1,
} as const;

it('shows time, site, decision, type and reason in columns', () => {
  expect(formatLine(failed, false)).toBe(
    '10:00:00.123  shop          failed    purchase          invalid_field: props.currency\n',
  );
  expect(formatLine({ ...failed, count: 3 }, false)).toContain('props.currency (3)');
});

it('lets nothing from outside steer the terminal, and colours the decision alone', () => {
  const nasty = { ...failed, detail: '/\u001b]0;owned\u0007\r\nfake line' };
  expect(formatLine(nasty, false)).toContain('/·]0;owned···fake line\n');
  expect(
    formatLine(failed, true)
      .split('\u001b[')
      .map((part) => part.slice(0, 3)),
  ).toEqual(['10:', '31m', '39m']);
});
