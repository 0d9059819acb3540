import { beforeEach, expect, it, vi } from 'vitest';
import { addOn } from './add_ons/add_on.ts';
import type { Stub } from './stub_calls.ts';

const page = window as unknown as { parcours?: Stub };

beforeEach(() => {
  delete page.parcours;
  vi.resetModules();
});

it('notes calls', async () => {
  await import('./stub.ts');
  page.parcours?.track('a', { b: 1 });
  expect(page.parcours?.q).toEqual([['track', ['a', { b: 1 }]]]);
});

it('notes calls behind what an add-on that was quicker has left', async () => {
  const observer = () => {};
  addOn({ observer });
  await import('./stub.ts');
  page.parcours?.track('a');
  expect(page.parcours?.q).toEqual([
    ['observe', [observer]],
    ['track', ['a']],
  ]);
});

it('is handed an add-on once, however often its tag stands in the page', () => {
  const observer = () => {};
  addOn({ forms: observer });
  addOn({ forms: () => {}, scroll: observer });
  expect(page.parcours?.q).toEqual([
    ['observe', [observer]],
    ['observe', [observer]],
  ]);
});

it('leaves a tracker that is there already alone', async () => {
  const tracker = { track: () => {}, q: [] } as unknown as Stub;
  page.parcours = tracker;
  await import('./stub.ts');
  expect(page.parcours).toBe(tracker);
  expect(Object.keys(tracker)).toEqual(['track', 'q']);
});
