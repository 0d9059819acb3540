import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { clicks } from './clicks.ts';

let seen: ReturnType<typeof observe>['seen'];
let stop: () => void;

/** What is recorded when `#t` is clicked in this markup. */
const clicking = (html: string, init?: MouseEventInit, type?: string) => {
  document.body.innerHTML = html;
  click('#t', init, type);
  return seen;
};
const props = (html: string, init?: MouseEventInit) => clicking(html, init)[0]?.[1];

beforeEach(() => {
  vi.useFakeTimers();
  ({ seen, stop } = observe(clicks));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('clicks', () => {
  it.each([
    ['a link', '<a href="/b" id="t">Boots</a>', 'link'],
    ['a button', '<button id="t">Pay</button>', 'button'],
    ['a submit', '<form><button id="t">Pay</button></form>', 'submit'],
    ['an input that submits', '<form><input type="submit" id="t"></form>', 'submit'],
    ['an input that is a button', '<input type="button" id="t">', 'button'],
    ['a summary', '<details><summary id="t">More</summary></details>', 'button'],
    ['what says that it is a button', '<div role="button" id="t"></div>', 'button'],
    ['a link that says it is a tab', '<a href="#x" role="tab" id="t">More</a>', 'tab'],
    ['what is within a button', '<button><i id="t"></i></button>', 'button'],
  ])('counts %s', (_name, html, role) => {
    expect(clicking(html)).toMatchObject([['click', { role }]]);
  });

  it.each([
    ['text', '<p id="t">Text</p>'],
    ['a field', '<form><input id="t" value="jane"></form>'],
    ['a choice', '<select id="t"></select>'],
    ['an anchor without an address', '<a id="t">Boots</a>'],
    ['what is to be ignored', '<div data-pc-ignore><button id="t">Jane</button></div>'],
    ['what is to be ignored, even named', '<div data-pc-ignore data-pc-event="x"><button id="t">Jane</button></div>'],
  ])('counts no click on %s', (_name, html) => {
    expect(clicking(html)).toEqual([]);
  });

  it('records the event that an element around is named for, with its properties as texts', () => {
    expect(
      clicking('<div data-pc-event="plan_chosen" data-pc-plan-size="20" data-x="1"><button id="t">Go</button></div>'),
    ).toEqual([['plan_chosen', { plan_size: '20' }]]);
  });

  it('hears names outside the shadow root that was clicked in', () => {
    document.body.innerHTML = '<div data-pc-event="opened"><x-box></x-box></div>';
    const root = document.querySelector('x-box')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<button>Open</button>';
    click(root.querySelector('button')!);
    expect(seen).toEqual([['opened', {}]]);
  });

  it('counts a click on a label and the one that it makes on its field once, and the next again', async () => {
    document.body.innerHTML = '<label data-pc-event="size"><span id="t">M</span><input type="radio"></label>';
    for (let index = 0; index < 2; index++) {
      click('#t');
      click('input', { detail: 0 });
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(seen).toEqual([
      ['size', {}],
      ['size', {}],
    ]);
  });

  it.each([
    ['a link', 1, '<a href="/b" id="t">Boots</a>', 1],
    ['a link, with the second button', 2, '<a href="/b" id="t">Boots</a>', 0],
    ['a button', 1, '<button id="t">Pay</button>', 0],
    ['a named button', 1, '<button data-pc-event="x" id="t">Pay</button>', 0],
    ['a link within what is named', 1, '<div data-pc-event="x"><a href="/b" id="t">Boots</a></div>', 1],
  ])('hears other buttons of the mouse: %s', (_name, button, html, count) => {
    expect(clicking(html, { button }, 'auxclick')).toHaveLength(count);
  });

  it.each([
    ['without query and fragment', '/b?token=1#x', `${location.origin}/b`],
    ['without user', 'https://jane:pw@other.example/b', 'https://other.example/b'],
    ['with an e-mail in its path', '/u/jane@mail.example/x', `${location.origin}/u/[email]/x`],
  ])('tells an address %s', (_name, href, link_url) => {
    expect(props(`<a href="${href}" id="t">x</a>`)).toMatchObject({ role: 'link', link_url });
  });

  it.each(['mailto:jane@mail.example', 'tel:+33612345678', 'whatsapp://send?text=jane', 'javascript:void(0)'])(
    'tells of %s the scheme alone',
    (href) => {
      const { link_url, ...rest } = props(`<a href="${href}" id="t">x</a>`)!;
      expect(link_url).toBe(`${href.split(':')[0]}:`);
      expect(JSON.stringify(rest)).not.toMatch(/jane|336/);
    },
  );

  it.each([
    ['its text on one line', '<button id="t">\n Add  to\n<b>cart</b> </button>', 'Add to cart'],
    ['what it says it is called', '<button id="t" aria-label="Close">x</button>', 'Close'],
    ['the picture in it', '<a href="/b" id="t"> <img alt="Red boots"></a>', 'Red boots'],
    ['no value', '<input type="button" value="Pay Jane" id="t">', undefined],
    ['no e-mail', '<button id="t">Write to jane@mail.example</button>', 'Write to [email]'],
    ['a hundred characters', `<button id="t">${'😀'.repeat(120)}</button>`, '😀'.repeat(100)],
    ['nothing that a visitor writes', '<div contenteditable><button id="t">Jane</button></div>', undefined],
    ['nothing that a visitor writes in it', '<div role="button" id="t">x<textarea>Jane</textarea></div>', undefined],
    ['nothing to be ignored', '<button id="t">Hello <b data-pc-ignore>Jane</b></button>', undefined],
  ])('takes as label %s', (_name, html, label) => {
    expect(props(html)!.label).toBe(label);
  });

  describe('place', () => {
    const place = (init: MouseEventInit, box = new DOMRect(100, 50, 200, 40)) => {
      document.body.innerHTML = '<button id="t">x</button>';
      document.querySelector('#t')!.getBoundingClientRect = () => box;
      click('#t', init);
      return [seen[0]![1]!.x, seen[0]![1]!.y];
    };

    it('is a share of the box', () => expect(place({ clientX: 150, clientY: 63.333 })).toEqual([0.25, 0.333]));
    it('stays in the box', () => expect(place({ clientX: 0, clientY: 99 })).toEqual([0, 1]));
    it('is not told of the keyboard', () => expect(place({ detail: 0 })).toEqual([undefined, undefined]));
    it('is not told in an empty box', () => {
      expect(place({}, new DOMRect())).toEqual([undefined, undefined]);
    });
  });

  it('tells the width of the window to the hundred below', () => {
    vi.spyOn(window, 'innerWidth', 'get').mockReturnValue(1279);
    expect(props('<button id="t">x</button>')!.viewport).toBe(1200);
    vi.restoreAllMocks();
  });

  it('hears what the page keeps from its own listeners, and leaves the default to it', () => {
    document.body.innerHTML = '<a href="#x" id="t">x</a>';
    const link = document.querySelector('#t')!;
    let prevented: boolean | undefined;
    link.addEventListener('click', (event) => {
      prevented = event.defaultPrevented;
      event.stopImmediatePropagation();
    });
    click('#t');
    expect(seen).toHaveLength(1);
    expect(prevented).toBe(false);
  });

  it('takes nothing of an address that cannot be read', () => {
    expect(props('<a href="http://[jane" id="t">x</a>')!.link_url).not.toMatch(/jane/);
  });

  it('loses a click that it stumbles over, and throws nothing', () => {
    const failed = vi.fn();
    window.addEventListener('error', failed);
    document.body.innerHTML = '<button id="t">x</button>';
    const button = document.querySelector('#t')!;
    button.getBoundingClientRect = () => {
      throw new Error('theirs');
    };
    click(button);
    window.removeEventListener('error', failed);
    expect(failed).not.toHaveBeenCalled();
    expect(seen).toEqual([]);
  });

  it('hears nothing after the stop', () => {
    stop();
    expect(clicking('<button id="t">x</button>')).toEqual([]);
  });
});
