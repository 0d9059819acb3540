import { LINK_PARAMETER } from '@parcours/protocol';

const PAIR = `${LINK_PARAMETER}=`;

/**
 * An address without the link parameter, and what that said. By text, never read and written anew: a query may be signed, and
 * its order, its escapes and its keys without a value must stay.
 */
export const takeLink = (href: string): readonly [rest: string, token: string | undefined] => {
  const [, page = '', query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(.*)$/s.exec(href)!;
  if (query === undefined) return [href, undefined];
  const pairs = query.split('&');
  const kept = pairs.filter((pair) => !pair.startsWith(PAIR));
  const token = pairs.find((pair) => pair.startsWith(PAIR))?.slice(PAIR.length);
  return [page + (kept.length ? `?${kept.join('&')}` : '') + fragment, token];
};

/** An address that says who follows it: at the end of its query, in place of any such word of before. */
export const giveLink = (href: string, token: string): string => {
  const [page = '', ...fragment] = takeLink(href)[0].split('#');
  return [`${page}${page.includes('?') ? '&' : '?'}${PAIR}${token}`, ...fragment].join('#');
};
