import { expectTypeOf, it } from 'vitest';
import type { Tracker } from './tracker_types.ts';

it('checks the properties of standard events, and takes any for others', () => {
  // Never called: the compiler is the test.
  const _checked = ({ track, consent, flush }: Tracker): void => {
    track('search', { search_term: 'tent' });
    track('page_view');
    track('quote_asked', { anything: [1, { goes: true }] });
    track('quote_asked');
    // @ts-expect-error a search needs its term
    track('search');
    // @ts-expect-error no such property
    track('search', { search_trem: 'tent' });
    // @ts-expect-error of the wrong type
    track('add_to_cart', { items: [], value: '12' });
    // @ts-expect-error no such purpose
    consent({ audiences: true });
    expectTypeOf(flush()).resolves.toBeVoid();
    expectTypeOf(consent()).toEqualTypeOf<'pending' | 'granted' | 'denied'>();
  };
  expectTypeOf(_checked).toBeFunction();
});
