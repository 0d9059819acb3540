import { type Choice, LIMITS, stampFault } from '@parcours/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stampOf } from './source.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

describe('stampOf', () => {
  it('stamps the granted purposes, its source and its time', () => {
    expect(stampOf({ audience: true, ads_share: false, crm_join: true }, {}, NOW)).toEqual({
      purposes: ['audience', 'crm_join'],
      source: 'manual',
      at: '2026-11-22T10:00:00.000Z',
    });
    expect(stampOf({ audience: true }, { source: 'tcf', at: new Date(NOW - 5) }, NOW)).toMatchObject({
      source: 'tcf',
      at: '2026-11-22T09:59:59.995Z',
    });
  });

  it.each([
    [{}],
    [{ audience: false }],
    [{ audience: 'true' }],
    [{ audience: 1 }],
    [{ crm_join: true }],
    [[true]],
    'audience',
    true,
  ])('takes %j for no grant', (choice) => {
    expect(stampOf(choice as Choice, {}, NOW)).toBeUndefined();
  });

  it.each([[null], [undefined]])('refuses to read %j', (choice) => {
    expect(() => stampOf(choice as unknown as Choice, {}, NOW)).toThrow();
  });

  it('judges dates as the collector does', () => {
    const span = (LIMITS.choiceDays + 1) * 86_400_000;
    fc.assert(
      fc.property(fc.integer({ min: -span, max: 2 * LIMITS.futureMs }), (offset) => {
        const at = new Date(NOW + offset).toISOString();
        const fault = stampFault({ purposes: ['audience'], source: 'x', at }, NOW, LIMITS);
        const read = () => stampOf({ audience: true }, { source: 'x', at }, NOW);
        // The collector reads later: what is about to expire may be refused a little early.
        if (fault) expect(read).toThrow();
        else if (offset > -LIMITS.choiceDays * 86_400_000) expect(read()).toBeDefined();
      }),
    );
    expect(() => stampOf({ audience: true }, { at: 'soon' }, NOW)).toThrow();
  });
});
