import { expect, it } from 'vitest';
import { decideVisitor } from './visitor.ts';

const cookie = { id: 'cookie-id', issuedAt: 1000 };

it.each([
  ['first visit', { visitor_id: 'own' }, undefined, { id: 'own', issuedAt: 5000, issue: true, replaces: false }],
  ['same as the cookie', { visitor_id: 'cookie-id' }, cookie, { ...cookie, issue: false, replaces: false }],
  ['storage was emptied', { visitor_id: 'own' }, cookie, { ...cookie, issue: false, replaces: true }],
  ['reset', { visitor_id: 'own', rotate: true }, cookie, { id: 'own', issuedAt: 5000, issue: true, replaces: false }],
  [
    'reset, answered before',
    { visitor_id: 'cookie-id', rotate: true },
    cookie,
    { ...cookie, issue: false, replaces: false },
  ],
  ['a server', {}, cookie, undefined],
  ['an id that fits no cookie', { visitor_id: 'a;b' }, cookie, undefined],
])('%s', (_name, batch, known, expected) => {
  expect(decideVisitor(batch, known, 5000)).toEqual(expected);
});
