/**
 * The languages of the shop. What people read comes in theirs; what events say, such as `item_name`, comes in English
 * whatever the page's language, so that one product is one product in every report.
 *
 * @typedef {'en' | 'fr'} Language
 * @typedef {{ readonly en: string, readonly fr: string }} Text  the same in each
 *
 * @typedef {object} Reader  whom a page is written for
 * @property {Language} language
 * @property {import('./texts/en.mjs').Texts} t  what the shop says
 * @property {(amount: number) => string} price  EUR as they read it
 */
import { en } from './texts/en.mjs';
import { fr } from './texts/fr.mjs';

/** Every text of the pages, by language. */
const TEXTS = { en, fr };

const LOCALES = { en: 'en-IE', fr: 'fr-FR' };

/**
 * The language that a browser asks for first and that the shop has; English where it has none of them.
 * Source: RFC 9110 12.5.4, Accept-Language.
 *
 * @param {string | undefined} header  such as `fr-FR,fr;q=0.9,en;q=0.8`
 * @returns {Language}
 */
export function languageOf(header = '') {
  const [first] = header
    .split(',')
    .map((part) => {
      const [tag = '', quality = 'q=1'] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      return { language: tag.split('-')[0] ?? '', quality: Number(quality.replace('q=', '')) };
    })
    .filter(({ language, quality }) => Object.hasOwn(TEXTS, language) && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return /** @type {Language} */ (first?.language ?? 'en');
}

/**
 * @param {Language} language
 * @returns {Reader}
 */
export const readerOf = (language) => ({
  language,
  t: TEXTS[language],
  price: (amount) => formatPrice(amount, language),
});

/**
 * An amount as customers read it: `€129.90`, `129,90 €`.
 *
 * @param {number} amount  EUR
 * @param {Language} language
 */
const formatPrice = (amount, language) =>
  new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency: 'EUR' }).format(amount);
