import { describe, expect, it } from 'vitest';
import { decideVisitor } from './visitor.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const cookie = { id: 'cookie-id', issuedAt: 1000, isElsewhere: false };
const { isElsewhere: _, ...stored } = cookie;

/** A UUID of version 7 made at a time, as the SDK makes them. */
const idOf = (time: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
};

it.each([
  ['first visit', { visitor_id: 'own' }, undefined, { id: 'own', issuedAt: NOW, issue: true, replaces: false }],
  ['same as the cookie', { visitor_id: 'cookie-id' }, cookie, { ...stored, issue: false, replaces: false }],
  ['storage was emptied', { visitor_id: 'own' }, cookie, { ...stored, issue: false, replaces: true }],
  ['reset', { visitor_id: 'own', rotate: true }, cookie, { id: 'own', issuedAt: NOW, issue: true, replaces: false }],
  [
    'reset, answered before',
    { visitor_id: 'cookie-id', rotate: true },
    cookie,
    { ...stored, issue: false, replaces: false },
  ],
  [
    'a cookie for another domain',
    { visitor_id: 'own' },
    { ...cookie, isElsewhere: true },
    { ...stored, issue: true, replaces: true },
  ],
  ['a server', {}, cookie, undefined],
  ['an id that fits no cookie', { visitor_id: 'a;b' }, cookie, undefined],
])('%s', (_name, batch, known, expected) => {
  expect(decideVisitor(batch, known, NOW)).toEqual(expected);
});

it('dates an id that lost its cookie by the id itself, and gives none to one past its life', () => {
  const id = idOf(NOW - 300 * DAY);
  expect(decideVisitor({ visitor_id: id }, undefined, NOW)).toMatchObject({
    id,
    issuedAt: NOW - 300 * DAY,
    issue: true,
  });
  expect(decideVisitor({ visitor_id: idOf(NOW - 395 * DAY) }, undefined, NOW)).toBeUndefined();
});

describe('who came by a link', () => {
  const landedAt = NOW - 10_000;
  const linked = { id: 'linked-id', issuedAt: NOW - 100 * DAY, landedAt };
  const taken = { id: 'linked-id', issuedAt: NOW - 100 * DAY, issue: true, replaces: true };
  const fresh = idOf(landedAt + 1_000);
  const own = (id: string) => ({ id, issuedAt: NOW - DAY, isElsewhere: false });

  it.each([
    ['with an id of this arrival', { visitor_id: fresh }, undefined],
    [
      'with an id that another script of the page had made just before',
      { visitor_id: idOf(landedAt - 59_000) },
      undefined,
    ],
    ['with a cookie of this arrival', { visitor_id: fresh }, own(fresh)],
  ])('goes on under the linked id %s', (_name, batch, known) => {
    expect(decideVisitor(batch, known, NOW, { linked })).toEqual(taken);
  });

  it.each([
    ['a visitor of before', { visitor_id: idOf(landedAt - 61_000) }, undefined],
    ['an id that does not tell its age', { visitor_id: 'own' }, undefined],
    ['a cookie of before', { visitor_id: fresh }, own(idOf(NOW - DAY))],
    ['a cookie that does not tell its age', { visitor_id: fresh }, own('cookie-id')],
    ['a reset', { visitor_id: fresh, rotate: true }, undefined],
    ['the same id', { visitor_id: 'linked-id' }, own('linked-id')],
  ])('keeps %s', (_name, batch, known) => {
    expect(decideVisitor(batch, known, NOW, { linked })).toEqual(decideVisitor(batch, known, NOW));
  });
});
