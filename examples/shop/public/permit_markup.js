/** An icon as vanilla-cookieconsent writes it: one path, and no attribute that could run anything. */
const ICON = /^<svg viewBox="[\d .]+" stroke-width="[\d.]+"><path d="[MLHVCSQTAZ\d\s.,-]+"\/><\/svg>$/i;

/**
 * vanilla-cookieconsent writes its banner as text that becomes markup, which the page's Trusted Types refuse. The default
 * policy lets through what it writes and nothing else: text without any markup, and its icons. Whatever more somebody puts
 * into the banner's texts, or another script tries, is refused as before.
 */
export function permitMarkup() {
  const { trustedTypes } = /** @type {any} */ (window);
  trustedTypes?.createPolicy('default', {
    createHTML: (/** @type {string} */ text) => (!text.includes('<') || ICON.test(text) ? text : null),
  });
}
