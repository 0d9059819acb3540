import { html, trusted } from './html.mjs';

/**
 * The pictures of the shop: flat SVG on a 200 x 200 sheet, drawn in the page so that nothing is fetched for them.
 * Colours are attributes, since the content security policy allows no inline style; `--main` and `--shade` are those of the
 * variant, which a class sets (`styles/products.css`).
 */
const INK = '#20302b';
const PINE = '#1f4d3f';
const MOSS = '#7d9a6d';
const SAND = '#efe4cd';
const CLAY = '#c8693f';
const SUN = '#e7b45a';
const SKY = '#cfdfe0';
const SNOW = '#fbf8f1';
const MAIN = 'var(--main)';
const SHADE = 'var(--shade)';

/** Ground and drawing of each product, by slug. */
const DRAWINGS = /** @type {Record<string, { readonly ground: string, readonly drawing: string }>} */ ({
  'walking-boot': {
    ground: SAND,
    drawing: `
      <path fill="${MAIN}" d="M60 50h48l3 40c20 7 42 14 47 33v15H56z"/>
      <path fill="${SHADE}" d="M56 112c16 6 30 4 40 8v18H56z"/>
      <path fill="${SHADE}" d="M158 123v15h-30c2-14 16-20 27-21z"/>
      <rect fill="${INK}" x="55" y="42" width="57" height="15" rx="7"/>
      <path fill="${INK}" d="M51 137h110a5 5 0 0 1 5 5v7l-3 7h-11l-3-5h-8l-3 5h-13l-3-5h-8l-3 5H99v-5H88v5H53l-4-6v-11z"/>
      <g stroke="${SNOW}" stroke-width="4" stroke-linecap="round"><path d="M88 68l22-2M90 80l22-3M94 92l21-5M102 102l20-7"/></g>`,
  },
  'trail-shoe': {
    ground: SKY,
    drawing: `
      <path fill="${MAIN}" d="M34 92c3-8 9-14 16-16 13 10 26 10 36-2 7 10 18 20 32 27 14 8 32 10 44 15 7 3 9 9 9 16H34c-5-14-4-27 0-40z"/>
      <path fill="${SHADE}" d="M34 92c12 6 20 20 20 40H34c-5-14-4-27 0-40z"/>
      <path fill="${SUN}" d="M76 132l28-38 8 5-22 33zM100 132l22-29 9 4-16 25z"/>
      <path fill="${SNOW}" d="M28 130h144v8c0 5-4 8-9 8H38c-6 0-10-4-10-9z"/>
      <path fill="${INK}" d="M32 146h132l-4 8h-10l-3-4h-8l-3 4h-14l-3-4h-8l-3 4H94l-3-4h-8l-3 4H66l-3-4h-8l-3 4H42c-6 0-9-4-10-8z"/>
      <path stroke="${SNOW}" stroke-width="4" stroke-linecap="round" d="M84 88l12-9M95 97l11-9M107 105l10-8"/>`,
  },
  'rain-jacket': {
    ground: '#f3d9a4',
    drawing: `
      <path fill="${MAIN}" d="M72 58L44 70 26 138l20 8 12-32v50h84v-50l12 32 20-8-18-68-28-12z"/>
      <path fill="${SHADE}" d="M72 60c-2-34 58-34 56 0-10 16-46 16-56 0z"/>
      <path fill="${SNOW}" d="M82 58c2-18 34-18 36 0-8 8-28 8-36 0z"/>
      <path stroke="${SUN}" stroke-width="4" stroke-linecap="round" d="M100 74v88"/>
      <path stroke="${SHADE}" stroke-width="4" stroke-linecap="round" d="M70 118l14 18M130 118l-14 18M58 114v-18M142 114V96"/>
      <g fill="#8fb3b6"><path d="M30 40c5 7 5 12 0 12s-5-5 0-12zM166 34c5 7 5 12 0 12s-5-5 0-12zM150 52c4 6 4 10 0 10s-4-4 0-10zM46 60c4 6 4 10 0 10s-4-4 0-10z"/></g>`,
  },
  fleece: {
    ground: '#dfe6d4',
    drawing: `
      <path fill="${MAIN}" d="M74 48L46 60 28 134l21 8 10-28v48h82v-48l10 28 21-8-18-74-28-12z"/>
      <path fill="${SHADE}" d="M74 46h52l4 14-30 14-30-14z"/>
      <path fill="${SNOW}" d="M84 46h32l-16 20z"/>
      <path stroke="${INK}" stroke-width="4" stroke-linecap="round" d="M100 66v44"/>
      <circle cx="100" cy="112" r="4" fill="${INK}"/>
      <rect x="60" y="150" width="80" height="12" fill="${SHADE}"/>
      <path fill="${SHADE}" opacity=".45" d="M112 92h20v22h-20z"/>
      <path stroke="${SHADE}" stroke-width="3" stroke-linecap="round" d="M112 92h20"/>`,
  },
  rucksack: {
    ground: SKY,
    drawing: `
      <path fill="none" stroke="${INK}" stroke-width="6" d="M84 46c0-18 32-18 32 0"/>
      <path fill="${SHADE}" d="M44 112h14v40H52a8 8 0 0 1-8-8zM142 112h14v32a8 8 0 0 1-8 8h-6z"/>
      <rect fill="${MAIN}" x="54" y="54" width="92" height="112" rx="26"/>
      <path fill="${INK}" d="M54 82c0-24 14-38 34-38h24c20 0 34 14 34 38v10c-28 10-64 10-92 0z"/>
      <rect fill="${SHADE}" x="68" y="116" width="64" height="40" rx="10"/>
      <path stroke="${SUN}" stroke-width="4" stroke-linecap="round" d="M78 126h44"/>
      <path stroke="${SHADE}" stroke-width="6" d="M78 88v24M122 88v24"/>
      <g fill="${SUN}"><rect x="72" y="98" width="12" height="9" rx="2"/><rect x="116" y="98" width="12" height="9" rx="2"/></g>`,
  },
  'steel-bottle': {
    ground: SAND,
    drawing: `
      <path fill="${INK}" d="M82 34h36a5 5 0 0 1 5 5v19H77V39a5 5 0 0 1 5-5z"/>
      <rect fill="#46584f" x="80" y="58" width="40" height="9"/>
      <path fill="${MAIN}" d="M80 67h40c0 10 10 12 10 26v63a12 12 0 0 1-12 12H82a12 12 0 0 1-12-12V93c0-14 10-16 10-26z"/>
      <path fill="${MOSS}" d="M70 120h60v22H70z"/>
      <path fill="${SNOW}" d="M100 108l13 17H87zM100 98l8 10H92z"/>
      <path stroke="${SNOW}" opacity=".28" stroke-width="6" stroke-linecap="round" d="M82 92v18M82 148v6"/>`,
  },
  'head-torch': {
    ground: '#2b3f48',
    drawing: `
      <path fill="${SUN}" opacity=".32" d="M100 112L20 178V58z" transform="rotate(180 100 112)"/>
      <path fill="none" stroke="${MAIN}" stroke-width="13" d="M92 70c-52-14-76 8-66 40 8 26 44 34 68 40"/>
      <path fill="none" stroke="${SHADE}" stroke-width="5" stroke-dasharray="2 8" d="M92 70c-52-14-76 8-66 40 8 26 44 34 68 40"/>
      <rect fill="${SNOW}" x="76" y="74" width="40" height="76" rx="14"/>
      <path fill="${MOSS}" d="M106 84h10a6 6 0 0 1 6 6v44a6 6 0 0 1-6 6h-10z"/>
      <path fill="${SUN}" d="M122 90h7a22 22 0 0 1 0 44h-7z"/>
      <circle cx="92" cy="100" r="6" fill="${MAIN}"/>
      <path stroke="${MOSS}" stroke-width="4" stroke-linecap="round" d="M88 120h10M88 130h10"/>`,
  },
  'ridge-tent': {
    ground: '#dfe6d4',
    drawing: `
      <circle cx="154" cy="50" r="15" fill="${SUN}"/>
      <path fill="#b9c9ae" d="M0 132l44-46 34 30 40-52 82 78v58H0z"/>
      <path fill="${MAIN}" d="M22 160L92 66l20 94z"/>
      <path fill="${SHADE}" d="M92 66l32 0 54 94h-66z"/>
      <path fill="${INK}" d="M92 82l-32 78h42z"/>
      <path fill="${SUN}" d="M92 82l-32 78h14z"/>
      <path stroke="${INK}" stroke-width="3" stroke-linecap="round" d="M92 66v-8M124 66v-8M22 160l-10 6M178 160l10 6"/>
      <rect fill="${MOSS}" y="160" width="200" height="40"/>`,
  },
});

/**
 * The picture of a product. Decoration: its name always stands beside it.
 *
 * @param {string} slug
 * @param {string} [colour]  of its own; without one it has that of what is around it
 */
export function picture(slug, colour = '') {
  const { ground, drawing } = DRAWINGS[slug] ?? { ground: SAND, drawing: '' };
  return html`<svg class="picture ${colour}" viewBox="0 0 200 200" aria-hidden="true" focusable="false" fill="none"><rect width="200" height="200" fill="${ground}"/>${trusted(drawing)}</svg>`;
}

/** The pictures of all products, for a page whose script puts lines together: `data-slug` says which is which. */
export const pictures = () =>
  Object.keys(DRAWINGS).map((slug) => html`<template data-slug="${slug}">${picture(slug)}</template>`);

/** The stacked stones of the shop's name. */
export const mark = trusted(
  `<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><ellipse cx="16" cy="26" rx="13" ry="5" fill="${PINE}"/><ellipse cx="17" cy="17" rx="9" ry="4.2" fill="${MOSS}"/><ellipse cx="15" cy="9.4" rx="5.6" ry="3.4" fill="${CLAY}"/></svg>`,
);

/** The view on the front page: calm on the left, where words stand on it. */
export const landscape = trusted(
  `<svg class="landscape" viewBox="0 0 960 400" preserveAspectRatio="xMaxYMax slice" aria-hidden="true" focusable="false">
    <rect width="960" height="400" fill="#f6dfae"/>
    <circle cx="556" cy="112" r="50" fill="#f0b95c"/>
    <path fill="#dcb98a" d="M250 400l164-198 62 44 110-92 62 48 92-136 150 178 70-44v200z"/>
    <path fill="${SNOW}" d="M740 66l-43 63 24-9 16 18 20-16 30 17z"/>
    <path fill="#a8a77c" d="M250 400c60-70 120-94 176-94l96-52 104 64 98-104 110 96 126-62v152z"/>
    <path fill="#56806a" d="M0 372c110-40 230-36 330-44s190-40 300-18 210-30 330 0v90H0z"/>
    <path fill="${PINE}" d="M0 388c150-24 260-4 390-14s220-24 330-10 160 6 240-4v40H0z"/>
    <path fill="none" stroke="#f6dfae" stroke-width="6" stroke-linecap="round" stroke-dasharray="1 15" d="M604 398c40-34 150-22 176-52s-52-44-14-72 36-52 18-78"/>
    <g fill="#143a2f"><path d="M862 372l18-66 18 66zM894 380l22-80 22 80zM836 376l13-44 13 44zM40 392l16-56 16 56zM72 394l12-42 12 42zM470 384l12-42 12 42z"/></g>
    <g><ellipse cx="690" cy="374" rx="29" ry="10" fill="#efe4cd"/><ellipse cx="693" cy="356" rx="20" ry="8.5" fill="#d3c5a7"/><ellipse cx="688" cy="341" rx="12.5" ry="7.5" fill="${CLAY}"/></g>
  </svg>`,
);
