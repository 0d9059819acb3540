import { describe, expect, it } from 'vitest';
import { SOURCE_LISTS } from './source_categories.ts';
import { sourcePlace } from './source_category.ts';

const entries = Object.values(SOURCE_LISTS).flatMap((list) => list.trim().split(/\s+/));

describe('the source lists', () => {
  it('hold each entry once', () => {
    expect(entries.filter((entry, index) => entries.indexOf(entry) !== index)).toEqual([]);
  });

  it('are written in the three forms', () => {
    expect(
      entries.filter((entry) => !/^([a-z0-9_-]+(\.[a-z0-9-]+)*\.[a-z]{2,}|[a-z0-9_-]+(\.\*)?)$/.test(entry)),
    ).toEqual([]);
  });
});

describe('sourcePlace', () => {
  it.each([
    ['google', 'search', 'google'],
    ['www.google.com', 'search', 'google'],
    ['google.com.br', 'search', 'google'],
    ['r.search.yahoo.com', 'search', 'yahoo'],
    ['m.facebook.com', 'social', 'facebook.com'],
    ['out.reddit.com', 'social', 'reddit.com'],
    ['www.pinterest.co.uk', 'social', 'pinterest'],
    ['smile.amazon.de', 'shopping', 'amazon'],
    ['play.google.com', 'shopping', 'play.google.com'],
    ['groups.google.com', 'social', 'groups.google.com'],
    ['boutique.myshopify.com', 'shopping', 'myshopify.com'],
    ['m.youtube.com', 'video', 'youtube.com'],
  ])('finds %s: %s, %s', (source, category, name) => {
    expect(sourcePlace(source)).toEqual({ category, name });
  });

  it.each([
    'example.com',
    'google.evil.com',
    'google.com.evil.net',
    'evilgoogle.com',
    'mail.google.com',
    'mail.yahoo.fr',
    'pay.amazon.com',
    'signin.ebay.fr',
    'com',
    '',
    '.',
    'a.b.c.d.e.f.g.google.com',
  ])('does not know %j', (source) => {
    expect(sourcePlace(source)).toBeUndefined();
  });
});
