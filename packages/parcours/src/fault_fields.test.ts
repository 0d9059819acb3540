import { expect, it } from 'vitest';
import { faultFields, reasonOf } from './fault_fields.ts';

it('says what kind of fault it is and where, never its message', () => {
  const fault = Object.assign(new TypeError('jane@example.com\n    is no number'), { code: 'ERR_X' });
  const { fault: kind, at } = faultFields(fault);
  expect(kind).toBe('TypeError ERR_X');
  expect(at[0]).toContain('fault_fields.test.ts');
  expect(JSON.stringify(at)).not.toContain('jane');
  expect(faultFields({ secret: 1 })).toEqual({ fault: 'object', at: [] });
});

it.each([
  [
    "Conversion Error: Could not convert string 'jane@example.com' to INT32",
    'Conversion Error: Could not convert string … to INT32',
  ],
  [
    'IO Error: Cannot open file "/srv/parcours/store/p.duckdb": No space',
    'IO Error: Cannot open file "/srv/parcours/store/p.duckdb": No space',
  ],
  ['Parser Error: near "jane', 'Parser Error: near …'],
  ['first\nsecond', 'first'],
])('writes the reason %j as %j', (message, line) => {
  expect(reasonOf(message, '/srv/parcours')).toBe(line);
});
