import { expect, test, vi } from 'vitest';

// The pages of the shop are plain scripts, without types.
const PATH = './public/permit_markup.js';
const { permitMarkup } = (await import(PATH)) as { readonly permitMarkup: () => void };

const createPolicy = vi.fn();
vi.stubGlobal('window', { trustedTypes: { createPolicy } });
permitMarkup();
const [name, { createHTML }] = createPolicy.mock.calls[0] as [string, { createHTML: (text: string) => string | null }];

test('is the policy that applies to whatever has none', () => expect(name).toBe('default'));

test.each([
  'May we measure how this shop is used?',
  'Nous, & personne d’autre',
  '<svg viewBox="0 0 24 24" stroke-width="1.5"><path d="M 19.5 4.5 L 4.5 19.5 M 4.5 4.501 L 19.5 19.5"/></svg>',
])('%s passes as it is', (text) => expect(createHTML(text)).toBe(text));

test.each([
  '<img src=x onerror=alert(1)>',
  'Accept <b>all</b>',
  '<svg viewBox="0 0 24 24" stroke-width="1.5" onload="x()"><path d="M 1 1"/></svg>',
  '<svg viewBox="0 0 24 24" stroke-width="1.5"><path d="M 1 1"/></svg><script src=x></script>',
  '<svg viewBox="0 0 24 24" stroke-width="1.5"><script>x()</script></svg>',
])('%s does not', (text) => expect(createHTML(text)).toBeNull());
