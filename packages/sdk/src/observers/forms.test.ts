import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pass, setHidden } from '../testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from '../testing/visit.ts';
import { forms } from './forms.ts';

let navigation: EventTarget;

const ORDER = `
  <form id="order" name="checkout">
    <input name="email" value="jane@mail.example"><input name="phone"><select name="country"></select>
    <textarea name="note">A secret wish</textarea><button>Buy</button>
  </form>`;

const find = (selector: string, root: ParentNode = document): HTMLInputElement => root.querySelector(selector)!;
const enter = (selector: string, root?: ParentNode): void => {
  find(selector, root).dispatchEvent(new Event('focusin', { bubbles: true, composed: true }));
};
const leave = (selector: string, root?: ParentNode): void => {
  find(selector, root).dispatchEvent(new Event('focusout', { bubbles: true, composed: true }));
};
/** Happy-dom stamps events by the real clock, wherever the test's stands. */
const now = (event: Event): Event => Object.defineProperty(event, 'timeStamp', { value: performance.now() });
const refuse = (selector: string): void => {
  find(selector).dispatchEvent(now(new Event('invalid', { cancelable: true })));
};
const type = (selector: string): void => {
  find(selector).dispatchEvent(now(new Event('input', { bubbles: true, composed: true })));
};
const submit = (selector = 'form', root?: ParentNode): void => {
  find(selector, root).dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
};

const told = async (): Promise<Record<string, unknown>[]> => {
  await pass(1_000);
  return page.collector.events().map(({ type, props }) => ({ type, ...props }));
};

/** How the one field of a form is called. */
const nameOf = async (html: string) => {
  document.body.innerHTML = `<form>${html}</form>`;
  enter('form > *');
  return (await told())[0]?.field;
};

visitInEachTest({ opens: false });
beforeEach(() => {
  history.replaceState({}, '', '/a');
  document.body.innerHTML = ORDER;
  navigation = new EventTarget();
  openTracker({ observers: [forms] }, { navigation } as object);
  tracker.consent({ audience: true });
});

const ids = { form_id: 'order', form_name: 'checkout' };
const start = { type: 'form_start', ...ids, field: 'email' };

describe('forms', () => {
  it('tells the start once, and the submit with time and corrections', async () => {
    enter('[name=email]');
    type('[name=email]');
    await pass(2_000);
    enter('[name=phone]');
    enter('[name=email]');
    await pass(3_000);
    submit();
    window.dispatchEvent(new Event('pagehide'));
    const per_field = [
      { field: 'email', ms: 5_000, corrections: 1 },
      { field: 'phone', ms: 0, corrections: 0 },
    ];
    expect(await told()).toEqual([
      start,
      { type: 'form_submit', ...ids, duration_ms: 5_000, corrections: 1, per_field },
    ]);
  });

  it('counts no correction where the focus comes back to the same field', async () => {
    enter('[name=email]');
    enter('button');
    enter('[name=email]');
    setHidden(true);
    setHidden(false);
    enter('[name=email]');
    submit();
    expect((await told()).at(-1)).toMatchObject({ type: 'form_submit', corrections: 0 });
  });

  it('starts at a field that is filled in without focus', async () => {
    type('[name=email]');
    expect(await told()).toEqual([start]);
  });

  it('tells an abandoned form with its last field, how many and how long', async () => {
    enter('[name=email]');
    await pass(2_000);
    enter('[name=phone]');
    enter('[name=country]');
    await pass(60_000);
    setHidden(true);
    window.dispatchEvent(new Event('pagehide'));
    expect(await told()).toEqual([
      start,
      {
        type: 'form_abandon',
        ...ids,
        field: 'country',
        fields: 3,
        duration_ms: 2_000,
        per_field: [
          { field: 'email', ms: 2_000, corrections: 0 },
          { field: 'phone', ms: 0, corrections: 0 },
          { field: 'country', ms: 60_000, corrections: 0 },
        ],
      },
    ]);
  });

  it('counts as time in a field only what it had the focus', async () => {
    enter('[name=email]');
    await pass(2_000);
    leave('[name=email]');
    await pass(5_000);
    enter('[name=phone]');
    await pass(1_000);
    leave('[name=phone]');
    enter('[name=phone]');
    await pass(500);
    submit();
    expect((await told()).at(-1)?.per_field).toEqual([
      { field: 'email', ms: 2_000, corrections: 0 },
      { field: 'phone', ms: 1_500, corrections: 0 },
    ]);
  });

  it('counts no time while the page is hidden, and goes on at the next key', async () => {
    enter('[name=email]');
    await pass(2_000);
    setHidden(true);
    await pass(60_000);
    setHidden(false);
    type('[name=email]');
    await pass(1_000);
    submit();
    expect((await told()).at(-1)?.per_field).toEqual([{ field: 'email', ms: 3_000, corrections: 0 }]);
  });

  it('leaves the time to the field that has the focus while a browser fills in the others', async () => {
    enter('[name=email]');
    await pass(1_000);
    for (const field of ['email', 'phone', 'country']) type(`[name=${field}]`);
    await pass(1_000);
    submit();
    expect((await told()).at(-1)?.per_field).toEqual([
      { field: 'email', ms: 2_000, corrections: 0 },
      { field: 'phone', ms: 0, corrections: 0 },
      { field: 'country', ms: 0, corrections: 0 },
    ]);
  });

  it('tells which fields the browser refused, entered or not', async () => {
    enter('[name=email]');
    type('[name=email]');
    await pass(1_000);
    refuse('[name=email]');
    refuse('[name=phone]');
    setHidden(true);
    expect((await told()).at(-1)).toMatchObject({
      fields: 1,
      per_field: [
        { field: 'email', invalid: true },
        { field: 'phone', ms: 0, corrections: 0, invalid: true },
      ],
    });
  });

  it('tells which fields the page marked as wrong', async () => {
    enter('[name=email]');
    find('[name=email]').setAttribute('aria-invalid', 'true');
    enter('[name=phone]');
    find('[name=phone]').setAttribute('aria-invalid', 'false');
    setHidden(true);
    expect((await told()).at(-1)?.per_field).toEqual([
      { field: 'email', ms: 0, corrections: 0, invalid: true },
      { field: 'phone', ms: 0, corrections: 0 },
    ]);
  });

  it('takes no refusal for one while somebody types, nor in a form that nobody began', async () => {
    refuse('[name=phone]');
    type('[name=email]');
    refuse('[name=email]');
    refuse('[name=phone]');
    setHidden(true);
    expect((await told()).at(-1)?.per_field).toEqual([{ field: 'email', ms: 0, corrections: 0 }]);
  });

  it('tells the first thirty fields one by one, and counts them all', async () => {
    document.body.innerHTML = `<form>${'<input>'.repeat(40)}</form>`;
    for (const field of document.querySelectorAll('input'))
      field.dispatchEvent(new Event('focusin', { bubbles: true, composed: true }));
    setHidden(true);
    const abandoned = (await told()).at(-1);
    expect(abandoned?.fields).toBe(40);
    expect(abandoned?.per_field).toHaveLength(30);
  });

  it('tells it again only when a field was entered since', async () => {
    enter('[name=email]');
    for (const hidden of [true, false, true, false]) setHidden(hidden);
    type('[name=email]');
    setHidden(true);
    expect((await told()).map(({ type }) => type)).toEqual(['form_start', 'form_abandon', 'form_abandon']);
  });

  it('tells it at another path before the address changes, and starts anew there', async () => {
    enter('[name=email]');
    const destination = { url: `${location.origin}/b`, sameDocument: true };
    navigation.dispatchEvent(Object.assign(new Event('navigate'), { destination }));
    history.pushState({}, '', '/b');
    enter('[name=email]');
    await pass(1_000);
    const events = page.collector.events().map(({ type, page }) => `${type} ${new URL(page!.url).pathname}`);
    expect(events).toEqual(['form_start /a', 'form_abandon /a', 'form_start /b']);
  });

  it('tells it late where the browser does not say that a page is left', async () => {
    enter('[name=email]');
    history.pushState({}, '', '/b');
    enter('[name=phone]');
    expect((await told()).map(({ type }) => type)).toEqual(['form_start', 'form_abandon', 'form_start']);
  });

  it('tells a submit of a form that nobody began, and each one of several', async () => {
    submit();
    submit();
    expect(await told()).toEqual([
      { type: 'form_submit', ...ids },
      { type: 'form_submit', ...ids },
    ]);
  });

  it('hears a submit that the page stops', async () => {
    find('form').addEventListener('submit', (event) => event.stopImmediatePropagation());
    submit();
    expect(await told()).toHaveLength(1);
  });

  it('works in open shadow roots, and counts a submit there once', async () => {
    document.body.innerHTML = '<x-checkout></x-checkout>';
    const root = find('x-checkout').attachShadow({ mode: 'open' });
    root.innerHTML = ORDER;
    enter('[name=email]', root);
    submit('form', root);
    enter('[name=email]', root);
    submit('form', root);
    const per_field = [{ field: 'email', ms: 0, corrections: 0 }];
    const submitted = { type: 'form_submit', ...ids, duration_ms: 0, corrections: 0, per_field };
    expect(await told()).toEqual([start, submitted, start, submitted]);
  });

  it('hears what stays in a shadow root: a focus that moves within, and a refusal', async () => {
    document.body.innerHTML = '<x-checkout></x-checkout>';
    const root = find('x-checkout').attachShadow({ mode: 'open' });
    root.innerHTML = ORDER;
    enter('[name=email]', root);
    await pass(2_000);
    find('[name=phone]', root).dispatchEvent(new Event('focusin', { bubbles: true, composed: false }));
    await pass(1_000);
    find('[name=phone]', root).dispatchEvent(new Event('invalid'));
    submit('form', root);
    expect((await told()).at(-1)?.per_field).toEqual([
      { field: 'email', ms: 2_000, corrections: 0 },
      { field: 'phone', ms: 1_000, corrections: 0, invalid: true },
    ]);
  });

  it.each([
    ['a field without a form', '<input name="q">', 'input'],
    ['a button', '<form><button>Go</button></form>', 'button'],
    ['an input that is a button', '<form><input type="submit"></form>', 'input'],
    ['a field that the page focuses by itself', '<form><input autofocus></form>', 'input'],
    ['a form that is ignored', '<div data-pc-ignore><form><input name="q"></form></div>', 'input'],
    ['a field that is ignored', '<form><input name="q" data-pc-ignore></form>', 'input'],
  ])('does not begin at %s', async (_name, html, selector) => {
    document.body.innerHTML = html;
    enter(selector);
    setHidden(true);
    expect(await told()).toEqual([]);
  });

  it('begins at a field with autofocus once something is entered', async () => {
    document.body.innerHTML = '<form><input name="q" autofocus></form>';
    enter('input');
    type('input');
    expect(await told()).toEqual([{ type: 'form_start', field: 'q' }]);
  });

  it('does not tell the submit of a form that is ignored', async () => {
    document.body.innerHTML = '<form data-pc-ignore></form>';
    submit();
    expect(await told()).toEqual([]);
  });

  it.each([
    ['its name', '<input name="order[lines][0].size" id="x">', 'order[lines][0].size'],
    ['its id', '<input id="size">', 'size'],
    ['its place without both', '<input>', 'input1'],
    ['its place where the name is an address', '<input name="jane@mail.example">', 'input1'],
    ['its place where the name is a number', '<input name="tel-0612345678">', 'input1'],
    ['its place where the name is an id', '<select name="f-3e0d41c2-99aa-4b1c"></select>', 'select1'],
    ['its place where the name is a text', '<textarea name="Jane Doe"></textarea>', 'textarea1'],
    ['the token of a password', '<input type="password" name="pw" autocomplete="new-password">', 'new-password'],
    ['its place as a password without token', '<input type="password" name="pw" autocomplete="off">', 'input1'],
    ['the token of a card', '<input name="pan" autocomplete="section-a billing CC-Number">', 'cc-number'],
  ])('names a field by %s', async (_name, html, expected) => {
    expect(await nameOf(html)).toBe(expected);
  });

  it('names a form whose fields hide its properties', async () => {
    document.body.innerHTML = '<form id="f"><input name="id"><input name="name"><input name="length"></form>';
    enter('[name=length]');
    expect(await told()).toEqual([{ type: 'form_start', form_id: 'f', field: 'length' }]);
  });

  it.each(['getAttribute', 'matches', 'elements', 'localName'])(
    'throws nothing into a page whose form has a field called %s',
    async (name) => {
      document.body.innerHTML = `<form><input name="${name}"></form>`;
      const form = find('form');
      Object.defineProperty(form, name, { value: find('input'), configurable: true });
      const thrown = vi.fn();
      window.addEventListener('error', thrown);
      for (const selector of ['input', 'input']) enter(selector);
      submit();
      enter('input');
      setHidden(true);
      Reflect.deleteProperty(form, name);
      window.removeEventListener('error', thrown);
      expect(thrown).not.toHaveBeenCalled();
    },
  );

  it('never reads a value', async () => {
    const read = vi.fn(() => 'a secret');
    for (const name of ['email', 'phone', 'country', 'note'])
      Object.defineProperty(find(`[name=${name}]`), 'value', { get: read });
    for (const name of ['email', 'phone', 'country', 'note']) {
      enter(`[name=${name}]`);
      type(`[name=${name}]`);
    }
    setHidden(true);
    submit();
    await pass(1_000);
    expect(read).not.toHaveBeenCalled();
    expect(JSON.stringify(page.collector.seen)).not.toMatch(/secret|jane/);
  });

  it('tells nothing after the stop', async () => {
    enter('[name=email]');
    await pass(1_000);
    tracker.stop();
    await pass(1);
    submit();
    setHidden(true);
    expect(await told()).toEqual([start]);
  });
});
