import type { EventMap } from '@parcours/protocol';
import { captureUntil } from './capture.ts';
import { clickableOf } from './clickable.ts';
import { clip } from './clip.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';
import { isOwnHost } from './own_hosts.ts';

type ClickProps = EventMap['click'];

/** Settings of the click observer. */
export interface ClickOptions {
  /** Hosts beside the page's own that are no other site, with their subdomains: `['pay.example']`. Default: none. */
  readonly hosts?: readonly string[] | undefined;
}

const LABEL_CHARS = 100;

/** Characters of a link's address, as the protocol's `link_url` takes them. */
const LINK_CHARS = 500;

/** Source: GA4 enhanced measurement, `file_download`. */
const DOWNLOAD =
  /\.(pdf|xlsx?|docx?|txt|rtf|csv|exe|key|pp(?:s|tx?)|7z|pkg|rar|gz|zip|avi|mov|mp4|mpe?g|wmv|midi?|mp3|wav|wma)$/i;

/** Where a visitor writes, what the page wants ignored, and what is no text to anyone: no label is taken near these. */
const UNREADABLE = 'textarea,[contenteditable],[data-pc-ignore],style';

/**
 * Clicks on links, buttons and submits as `click`, or as the event that the page names on an element around:
 *
 *     <div data-pc-event="plan_chosen" data-pc-plan-size="20">  ->  plan_chosen { plan_size: '20' }
 *
 * Of a link the address goes without query and fragment, of `mailto:`, `tel:` and the like the scheme alone. The label is
 * `aria-label`, the text, a picture's `alt` or the name; never a value. Middle clicks count on links. Nothing within
 * `data-pc-ignore`. Navigation is not delayed: delivery sees to what a page leaves behind.
 */
export const createClicks =
  ({ hosts = [] }: ClickOptions = {}): Observer =>
  ({ track, scope: { document, location }, signal }) => {
    const listen = captureUntil(signal);
    /** What this task has counted: a click on a label is followed by another, on the field that it names. */
    let counted: Element | undefined;

    const linkOf = ({ protocol, hostname, origin, pathname }: URL): Partial<ClickProps> =>
      hostname
        ? {
            link_url: clip(origin + pathname, LINK_CHARS),
            link_domain: hostname,
            outbound: !isOwnHost(hostname, location!, hosts) || undefined,
            file_extension: DOWNLOAD.exec(pathname)?.[1]?.toLowerCase(),
          }
        : { link_url: protocol };

    const clicked = (event: MouseEvent): void => {
      const elements = elementsOf(event);
      const named = elements.find((element) => element.getAttribute('data-pc-event'));
      const path = clickableOf(elements);
      const subject = named ?? path[0];
      // `auxclick` is any button but the first: the middle one opens links, the others open nothing.
      const isVain = event.button && (event.button > 1 || !path[0]?.matches('[href]'));
      if (!subject || subject === counted || isVain) return;
      counted = subject;
      setTimeout(() => {
        counted = undefined;
      });
      if (named) track(named.getAttribute('data-pc-event')!, propsOf(named));
      else {
        const href = subject.getAttribute('href');
        const { form, type } = subject as Partial<HTMLButtonElement>;
        track('click', {
          element: elementPath(path),
          role: subject.getAttribute('role') || (href === null ? (form && type) || 'button' : 'link'),
          label: labelOf(subject),
          ...placeOf(event, subject.getBoundingClientRect()),
          viewport: Math.floor(document!.defaultView!.innerWidth / 100) * 100,
          ...(href !== null && linkOf(new URL(href, subject.baseURI))),
        });
      }
    };

    listen(document, 'click', clicked);
    listen(document, 'auxclick', clicked);
  };

/** Clicks, with no hosts but the page's own. */
export const clicks: Observer = (context) => createClicks()(context);

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
        element.getAttribute('aria-label') ||
          element.textContent!.trim() ||
          element.querySelector('img')?.alt ||
          element.getAttribute('name') ||
          '',
        LABEL_CHARS,
      ) || undefined;

/** Where in the element's box. A click by keyboard or script has no place, nor has one in an empty box. */
const placeOf = ({ detail, clientX, clientY }: MouseEvent, box: DOMRect): Partial<ClickProps> => {
  const share = (part: number, whole: number): number | undefined =>
    detail && whole ? +Math.min(1, Math.max(0, part / whole)).toFixed(3) : undefined;
  return { x: share(clientX - box.x, box.width), y: share(clientY - box.y, box.height) };
};
