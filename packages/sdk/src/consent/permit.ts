import type { BrowserPolicy, FilteredCode } from '@parcours/protocol';
import { CLICK_ID } from '../scrub.ts';

/** What a set of purposes lets out of the browser. */
export interface Permit {
  /** Why an event of this type does not leave; undefined where it does. */
  refuses(type: string): FilteredCode | undefined;
  /** A query without `?`, and of it what may leave. */
  query(query: string): string;
  /** An event as JSON, and of it what may leave: the text itself where that is all. */
  strip(text: string): string;
}

type Rules = { readonly [name: string]: readonly string[] | undefined };

/** What a policy's purposes let out: as `gateEvent` of the protocol, against which it is tested. */
export function createPermit(policy: BrowserPolicy, purposes: readonly string[]): Permit {
  const events: Rules = { __proto__: null as never, ...policy.events };
  const fields: { [name: string]: readonly string[] } = { __proto__: null as never, ...policy.fields };

  const opens = (rule: readonly string[]): boolean => rule.some((purpose) => purposes.includes(purpose));

  /** The policy has a page's names for fields besides those of its columns. What was looked up once stays there. */
  const ruleOf = (name: string): readonly string[] =>
    (fields[name] ??= fields[name.replace(/([_.]).*/, '$1*')] ?? ['audience']);

  const keeps = (name: string): boolean => opens(ruleOf(name));

  const isWhole = Object.keys(fields).every(keeps);

  const query = (text: string): string =>
    text
      .split('&')
      .filter((pair) => {
        const [key = ''] = pair.split('=');
        return keeps(CLICK_ID.test(key) ? 'click_id' : key);
      })
      .join('&');

  /** What is kept of a part; nothing where nothing is. */
  const keep = (part: object | undefined, group = ''): object | undefined => {
    const kept = Object.entries(Object(part)).filter(([name]) => keeps(group + name));
    return kept[0] && Object.fromEntries(kept);
  };

  return {
    query,
    refuses(type) {
      const rule = events[type] ?? events['*'];
      if (!rule) return 'event_not_allowed';
      return opens(rule) ? undefined : 'consent_denied';
    },
    strip(text) {
      if (isWhole) return text;
      // Each part in its place: a text of which nothing is taken away stays the same.
      const event = JSON.parse(text);
      const { page, keys, props } = event;
      if (page?.url)
        page.url = page.url.replace(/\?.*/, (part: string) => `?${query(part.slice(1))}`).replace(/\?$/, '');
      event.page = keep(page);
      event.keys = keep(keys, 'keys.');
      event.props = keep(props, 'props.');
      return JSON.stringify(keep(event));
    },
  };
}
