import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { Ask } from '../http.ts';
import { type Policy, policiesOf, type ScriptOfPage } from './policy.ts';

/** A page of the shop, as far as it matters here. */
export interface ShopPage {
  readonly url: URL;
  readonly status: number;
  readonly policies: readonly Policy[];
  readonly scripts: readonly TagOfPage[];
}

export interface TagOfPage extends ScriptOfPage {
  readonly attributes: Readonly<Record<string, string>>;
}

const MAX_REDIRECTS = 5;

/** Fetches a page as a browser does, and reads its policies and scripts. */
export async function fetchPage(ask: Ask, address: URL): Promise<ShopPage> {
  let url = address;
  for (let redirects = 0; ; redirects++) {
    const answer = await ask(url, { headers: { accept: 'text/html', 'user-agent': 'Mozilla/5.0 parcours-doctor' } });
    const [location] = answer.all('location');
    if (answer.status >= 300 && answer.status < 400 && location !== undefined && redirects < MAX_REDIRECTS) {
      url = new URL(location, url);
      continue;
    }
    const { metas, scripts } = readPage(answer.body, url);
    const policies = [
      ...policiesOf(answer.all('content-security-policy'), true),
      ...policiesOf(answer.all('content-security-policy-report-only'), false),
      ...policiesOf(metas, true),
    ];
    return { url, status: answer.status, policies, scripts };
  }
}

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function readPage(
  html: string,
  url: URL,
): { readonly metas: readonly string[]; readonly scripts: readonly TagOfPage[] } {
  const metas: string[] = [];
  const scripts: TagOfPage[] = [];
  let base = url;
  const read = (element: Element): void => {
    const attributes = Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]));
    if (element.tagName === 'base' && attributes.href !== undefined) base = new URL(attributes.href, url);
    // In a page, a policy that only reports, and what frames it, is passed over (CSP 3, 3.3).
    const isPolicy = attributes['http-equiv']?.toLowerCase() === 'content-security-policy';
    if (element.tagName === 'meta' && isPolicy) metas.push(attributes.content ?? '');
    if (element.tagName === 'script') {
      const { src, nonce = '', integrity = '' } = attributes;
      const text = element.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
      const at = src !== undefined && URL.canParse(src, base) ? { src: new URL(src, base) } : {};
      scripts.push({ ...at, text, nonce, integrity, attributes });
    }
  };
  const walk = (node: Node): void => {
    if ('tagName' in node) read(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  return { metas, scripts };
}
