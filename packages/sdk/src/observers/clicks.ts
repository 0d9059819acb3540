import type { ClickProps } from '@parcours/protocol';
import { cleanUrl } from '../scrub.ts';
import { captureUntil } from './capture.ts';
import { clickableOf } from './clickable.ts';
import { clip } from './clip.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';

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
const UNREADABLE = 'textarea,[contenteditable],[data-pc-ignore],style,script';

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

    const linkOf = (element: Element): Partial<ClickProps> => {
      const href = element.getAttribute('href');
      if (href === null) return {};
      const { protocol, hostname, pathname, href: address } = new URL(href, element.baseURI);
      if (!hostname) return { link_url: protocol };
      const own = [location!.hostname.replace(/^www\./, ''), ...hosts];
      return {
        link_url: clip(cleanUrl(address, []), LINK_CHARS),
        link_domain: hostname,
        outbound: !own.some((host) => `.${hostname}`.endsWith(`.${host}`)) || undefined,
        file_extension: DOWNLOAD.exec(pathname)?.[1]?.toLowerCase(),
      };
    };

    const clicked = (event: MouseEvent): void => {
      const elements = elementsOf(event);
      const named = elements.find((element) => element.getAttribute('data-pc-event'));
      const path = clickableOf(elements);
      const [element = named] = path;
      const subject = named ?? element;
      if (!element || !subject || subject === counted) return;
      // `auxclick` is any button but the first: the middle one opens links, the others open nothing.
      if (event.button && (event.button > 1 || !element.matches('[href]'))) return;
      counted = subject;
      setTimeout(() => {
        counted = undefined;
      });
      if (named) track(named.getAttribute('data-pc-event')!, propsOf(named));
      else
        track('click', {
          element: elementPath(path),
          role: roleOf(element),
          label: labelOf(element, elements),
          ...linkOf(element),
          ...placeOf(event, element),
          viewport: Math.floor(document!.defaultView!.innerWidth / 100) * 100,
        });
    };

    listen(document, 'click', clicked);
    listen(document, 'auxclick', clicked);
  };

/** Clicks, with no hosts but the page's own. */
export const clicks: Observer = createClicks();

const propsOf = ({ attributes }: Element): Record<string, string> =>
  Object.fromEntries(
    [...attributes].flatMap(({ name, value }) => {
      const key = /^data-pc-(?!event$)(.+)/.exec(name)?.[1];
      return key ? [[key.replace(/-/g, '_'), value]] : [];
    }),
  );

const roleOf = (element: Element): string => {
  const { form, type } = element as Partial<HTMLButtonElement>;
  return (
    element.getAttribute('role') ||
    (element.matches('[href]') ? 'link' : form && /submit|image/.test(type!) ? 'submit' : 'button')
  );
};

const labelOf = (element: Element, around: readonly Element[]): string | undefined =>
  around.some((one) => one.matches(UNREADABLE)) || element.querySelector(UNREADABLE)
    ? undefined
    : clip(
        element.getAttribute('aria-label') ||
          element.textContent?.trim() ||
          element.querySelector('img')?.alt ||
          element.getAttribute('name') ||
          '',
        LABEL_CHARS,
      ) || undefined;

/** Where in the element's box, 0 to 1. A click by keyboard or script has no place, nor has one in an empty box. */
const placeOf = ({ detail, clientX, clientY }: MouseEvent, element: Element): Pick<ClickProps, 'x' | 'y'> => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const share = (part: number, whole: number): number => Math.round(Math.min(1, Math.max(0, part / whole)) * 1e3) / 1e3;
  return detail && width && height ? { x: share(clientX - left, width), y: share(clientY - top, height) } : {};
};
