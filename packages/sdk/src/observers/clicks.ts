import type { EventMap } from '@parcours/protocol';
import { captureUntil } from './capture.ts';
import { clickableOf } from './clickable.ts';
import { clip } from './clip.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';

type ClickProps = EventMap['click'];

type Link = Pick<HTMLAnchorElement, 'href' | 'origin' | 'pathname' | 'protocol'>;

const LABEL_CHARS = 100;

/** Characters of a link's address, as the protocol's `link_url` takes them. */
const LINK_CHARS = 500;

/** Where a visitor writes, what the page wants ignored, and what is no text to anyone: no label is taken near these. */
const UNREADABLE = 'textarea,[contenteditable],[data-pc-ignore],style';

/**
 * Clicks on links, buttons and submits as `click`, or as the event that the page names on an element around:
 *
 *     <div data-pc-event="plan_chosen" data-pc-plan-size="20">  ->  plan_chosen { plan_size: '20' }
 *
 * Of a link the address goes without query and fragment, of `mailto:`, `tel:` and the like the scheme alone; whether it
 * leads away or to a file the collector tells, which knows the shop's hosts. The label is `aria-label`, the text or a
 * picture's `alt`; never a value. Middle clicks count on links. Nothing within `data-pc-ignore`. Navigation
 * is not delayed: delivery sees to what a page leaves behind.
 */
export const clicks: Observer = ({ track, scope: { document }, signal }) => {
  const listen = captureUntil(signal);
  /** What this task has counted: a click on a label is followed by another, on the field that it names. */
  let counted: Element | undefined;

  const clicked = (event: MouseEvent): void => {
    const elements = elementsOf(event);
    const named = elements.find((element) => element.getAttribute('data-pc-event'));
    const path = clickableOf(elements);
    const subject = named ?? path[0];
    // A link says where it leads; in a drawing it has nothing but its `href`.
    const { href, origin, pathname, protocol, form, type } = (path[0] ?? {}) as Partial<Link & HTMLButtonElement>;
    // `auxclick` is any button but the first: the middle one opens links, the others open nothing.
    if (!subject || subject === counted || event.button > (href ? 1 : 0)) return;
    counted = subject;
    setTimeout(() => {
      counted = undefined;
    });
    if (named) track(named.getAttribute('data-pc-event')!, propsOf(named));
    else
      track('click', {
        element: elementPath(path),
        role: subject.getAttribute('role') || (href ? 'link' : (form && type) || 'button'),
        label: labelOf(subject),
        // Some browsers find a host in `whatsapp://send` too, and none an origin.
        link_url: href && (/^http/.test(origin!) ? clip(`${origin}${pathname}`, LINK_CHARS) : protocol),
        ...placeOf(event, subject.getBoundingClientRect()),
        viewport: Math.floor(document!.defaultView!.innerWidth / 100) * 100,
      });
  };

  listen(document, 'click', clicked);
  listen(document, 'auxclick', clicked);
};

const propsOf = ({ attributes }: Element): Record<string, string> => {
  const props: Record<string, string> = {};
  for (const { name, value } of attributes)
    if (/^data-pc-(?!event$)/.test(name)) props[name.slice(8).replace(/-/g, '_')] = value;
  return props;
};

const labelOf = (element: Element): string | undefined =>
  element.closest(UNREADABLE) || element.querySelector(UNREADABLE)
    ? undefined
    : clip(
        element.getAttribute('aria-label') || element.textContent!.trim() || element.querySelector('img')?.alt || '',
        LABEL_CHARS,
      ) || undefined;

/** Where in the element's box. A click by keyboard or script has no place, nor has one in an empty box. */
const placeOf = ({ detail, clientX, clientY }: MouseEvent, box: DOMRect): Partial<ClickProps> => {
  const share = (part: number, whole: number): number | undefined =>
    detail && whole ? +Math.min(1, Math.max(0, part / whole)).toFixed(3) : undefined;
  return { x: share(clientX - box.x, box.width), y: share(clientY - box.y, box.height) };
};
