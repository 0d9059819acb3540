import { dress } from './sheet.ts';
import type { Texts } from './texts/texts.ts';
import type { FateView, View } from './view.ts';

/** The panel on the page. */
export interface Panel {
  /** Shows it as it is now. What has the focus keeps it. */
  show(view: View): void;
  remove(): void;
}

export interface PanelOptions {
  readonly document: Document;
  readonly texts: Texts;
  /** When the watching began, ms since the epoch. */
  readonly since: number;
  /** What the button copies. */
  readonly report: () => string;
}

/**
 * Puts the panel at the end of the page, open, without taking the focus. Its heading is a button that closes and opens
 * it, Escape closes it. Texts go in as text: nothing here needs a Trusted Type or a style that a policy must allow. The
 * tracker's own observers pass by what happens in it.
 */
export function createPanel({ document, texts, since, report }: PanelOptions): Panel {
  const make = <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    attributes: Readonly<Record<string, string>> = {},
    ...children: readonly (Node | string)[]
  ): HTMLElementTagNameMap[Name] => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const time = (at: number): string => new Date(at).toLocaleTimeString(texts.locale);

  const host = document.createElement('parcours-debugger');
  host.setAttribute('data-pc-ignore', '');
  host.setAttribute('lang', texts.locale);
  const root = host.attachShadow({ mode: 'open' });
  dress(root);

  const badge = make('span');
  const toggle = make(
    'button',
    { type: 'button', 'aria-controls': 'body', 'aria-expanded': 'true' },
    texts.title,
    badge,
  );
  const meaning = make('p', { role: 'status' });
  const lines = make('dl');
  const copy = make('button', { type: 'button' }, texts.copy);
  const said = make('p', { role: 'status', class: 'soft' });
  const fates = make('div');
  const body = make(
    'div',
    { id: 'body' },
    meaning,
    lines,
    fates,
    copy,
    said,
    make('p', { class: 'soft' }, `${texts.since} ${time(since)}. ${texts.promise}`),
  );
  root.append(make('section', { 'aria-label': texts.title }, make('h2', {}, toggle), body));

  const open = (isOpen: boolean): void => {
    body.hidden = !isOpen;
    toggle.setAttribute('aria-expanded', `${isOpen}`);
  };
  toggle.addEventListener('click', () => open(!!body.hidden));
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key !== 'Escape' || body.hidden) return;
    // Whatever else of the page Escape closes stays open.
    event.stopPropagation();
    open(false);
    toggle.focus();
  });

  copy.addEventListener('click', async () => {
    const text = report();
    said.textContent = '';
    root.querySelector('textarea')?.remove();
    try {
      await document.defaultView!.navigator.clipboard.writeText(text);
      said.textContent = texts.copied;
    } catch {
      // Not on pages without TLS, nor where a permissions policy forbids it.
      const field = make('textarea', { readonly: '', 'aria-label': texts.copy }, text);
      said.textContent = texts.uncopied;
      said.after(field);
      field.focus();
      field.select();
    }
  });

  const sections = new Map<string, { readonly count: Text; readonly list: HTMLElement; shown?: string }>();
  const showFate = ({ fate, name, count, events }: FateView): void => {
    let section = sections.get(fate);
    if (!section) {
      section = { count: document.createTextNode(''), list: make('ul') };
      sections.set(fate, section);
      fates.append(make('details', { open: '' }, make('summary', {}, `${name} `, section.count), section.list));
    }
    const { list } = section;
    // A list that stays as it is keeps what is selected in it.
    const shown = JSON.stringify(events);
    section.count.data = `${count}`;
    if (section.shown === shown) return;
    section.shown = shown;
    list.replaceChildren(
      ...events.map(({ at, type, why }) =>
        make('li', {}, make('time', {}, time(at)), ' ', make('code', {}, type), ` ${why}`),
      ),
    );
  };

  document.documentElement.append(host);
  return {
    show(view) {
      badge.textContent = view.status;
      // Set only where it has changed, or it would be read out again.
      if (meaning.textContent !== view.meaning) meaning.textContent = view.meaning;
      lines.replaceChildren(...view.lines.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
      view.fates.forEach(showFate);
    },
    remove: () => host.remove(),
  };
}
