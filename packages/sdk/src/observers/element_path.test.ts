import { afterEach, describe, expect, it } from 'vitest';
import { elementPath, elementsOf } from './element_path.ts';

/** The path of what is clicked in this markup; the target is `#t`, or the first in its shadow root. */
const pathOf = (html: string, shadow?: string): string => {
  document.body.innerHTML = html;
  let target = document.querySelector('#t') ?? document.body;
  if (shadow) {
    const root = target.attachShadow({ mode: 'open' });
    root.innerHTML = shadow;
    target = root.querySelector('.t')!;
  }
  let path = 'not heard';
  const hear = (event: Event) => {
    path = elementPath(elementsOf(event));
  };
  document.addEventListener('click', hear);
  target.dispatchEvent(new Event('click', { bubbles: true, composed: true }));
  document.removeEventListener('click', hear);
  return path;
};

afterEach(() => {
  document.body.innerHTML = '';
});

describe('element path', () => {
  it.each([
    [
      'names tags and ids',
      '<main><form id="order"><button id="t">Pay</button></form></main>',
      'main > form#order > button#t',
    ],
    ['leaves out classes', '<div class="x y"><b id="t" class="z"></b></div>', 'div > b#t'],
    ['goes five levels up', '<i><i><i><i><i><u><b id="t"></b></u></i></i></i></i></i>', 'i > i > i > u > b#t'],
    [
      'is not misled by fields called id',
      '<form id="order"><input name="id"><b id="t"></b></form>',
      'form#order > b#t',
    ],
    ['says body for the page itself', '', 'body'],
  ])('%s', (_name, html, expected) => {
    expect(pathOf(html)).toBe(expected);
  });

  it.each([
    'item-20831',
    'a1b2c3',
    ':r1:',
    '«r1»',
    '_r_1_',
    '0b7e3c1e-aaaa-4a4a-8b8b-0123456789ab',
    'jane@mail.example',
    'x'.repeat(41),
  ])('leaves out the id %s, which a program made', (id) => {
    expect(pathOf(`<div id="${id}"><b id="t"></b></div>`)).toBe('div > b#t');
  });

  it('goes through open shadow roots', () => {
    expect(pathOf('<main><x-box id="t"></x-box></main>', '<p><b class="t"></b></p>')).toBe('main > x-box#t > p > b');
  });

  it('is that of nothing within data-pc-ignore', () => {
    document.body.innerHTML = '<div data-pc-ignore><b id="t"></b></div>';
    let elements: Element[] | undefined;
    const hear = (event: Event) => {
      elements = elementsOf(event);
    };
    document.addEventListener('click', hear, { once: true });
    document.querySelector('#t')!.dispatchEvent(new Event('click', { bubbles: true }));
    expect(elements).toEqual([]);
  });

  it('stays within the 500 characters of the protocol', () => {
    const name = 'x'.repeat(40);
    const level = `<div id="${name}" role="${name}">`;
    expect(pathOf(`${level.repeat(5)}<div id="t" role="${name}"></div>`).length).toBeLessThanOrEqual(500);
  });
});
