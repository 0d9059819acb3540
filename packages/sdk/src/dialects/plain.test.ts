import { parseEvent } from '@parcours/protocol/schema';
import { describe, expect, it } from 'vitest';
import { toldBy } from '../testing/data_layer.ts';

describe('plain, of what the data layer says,', () => {
  it.each([
    'user_data',
    'user_id',
    'userId',
    'userID',
    'user',
    'customer',
    'customerEmail',
    'email',
    'emailHash',
    'e-mail',
    'sha256_email_address',
    'phone',
    'phone_number',
    'telephone',
    'firstName',
    'last name',
    'prenom',
    'nom',
    'adresse',
    'address',
    'ip',
    'client_id',
    'loyaltyCard',
    'cardNumber',
    'numero_client',
    'birthdate',
    'date_naissance',
    'password',
  ])('never takes %s, at any depth', (key) => {
    expect(toldBy({ event: 'lead', [key]: 'canary', plan: { [key]: { a: 'canary' }, size: 20 } })).toEqual([
      ['lead', { plan: { size: 20 } }],
    ]);
  });

  it.each(['customer_type', 'new_customer', 'name', 'hotel', 'vip', 'item_name', 'shipping_tier', 'phonetics'])(
    'keeps %s',
    (key) => {
      expect(toldBy({ event: 'lead', [key]: 'x' })).toEqual([['lead', { [key]: 'x' }]]);
    },
  );

  it('leaves out what is no data', () => {
    const cycle: Record<string, unknown> = { size: 1 };
    cycle.self = { cycle };
    const element = document.createElement('a');
    const got = toldBy({
      event: 'a',
      element,
      handler() {},
      when: new Date(),
      big: 1n,
      not: Number.NaN,
      list: [1, null, element, 'b', { c: '' }],
      get broken() {
        throw new Error('a getter');
      },
      proxy: new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('a trap');
          },
        },
      ),
      own: JSON.parse('{"__proto__":{"a":1},"b":2}'),
    });
    expect(got).toEqual([['a', { list: [1, 'b', {}], own: { b: 2 } }]]);
    const [[type, props] = []] = toldBy({ event: 'a', cycle });
    const event_id = '019aa1c0-0000-7000-8000-000000000001';
    expect(parseEvent({ event_id, occurred_at: '2026-11-22T10:00:00Z', stamp: 0, type, props })).toMatchObject({
      ok: true,
    });
  });

  it('of endless size is cut', () => {
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]));
    const [[, props] = []] = toldBy({ event: 'a', wide });
    expect(Object.keys(props!.wide as object).length).toBeLessThan(5_001);
  });
});
