import { STORES } from '../content/stores.mjs';
import { html, trusted } from '../html.mjs';
import { fill } from '../public/fill.js';
import { SHIPPING } from '../public/pricing.js';
import { goods } from './goods.mjs';

/**
 * The checkout: three forms in one document, one seen at a time (`public/checkout.js`), each with an address of its own.
 * What is typed stays in the document and goes to the shop with the last form: no event, no address and no storage holds it.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function checkout(reader) {
  const { checkout: t, cartPage, seeAll } = reader.t;
  return {
    title: t.title,
    data: { checkout: { goods: goods(reader), t: { ...t, each: cartPage.each } } },
    main: html`<h1>${t.title}</h1>
<div id="empty" hidden>
  <p class="lead">${cartPage.empty}</p>
  <p><a class="button" href="/products">${seeAll}</a></p>
</div>
<div id="filled" class="with-sums" hidden>
  <div>
    ${details(t)}
    ${delivery(reader)}
    ${payment(t)}
  </div>
  <aside class="sums-box" aria-labelledby="summary">
    <h2 id="summary">${t.summary}</h2>
    <ul class="brief" id="lines"></ul>
    <dl class="sums">
      <div id="saved-row" hidden><dt>${cartPage.saved}</dt><dd id="saved"></dd></div>
      <div><dt>${t.delivery}</dt><dd id="shipping"></dd></div>
      <div class="sum"><dt>${cartPage.total}</dt><dd id="total"></dd></div>
      <div class="tagline"><dt>${cartPage.tax}</dt><dd id="tax"></dd></div>
    </dl>
  </aside>
</div>
<template id="line"><li><span data-what></span><span class="price" data-sum></span></li></template>`,
  };
}

/** @typedef {import('../texts/en.mjs').Texts['checkout']} T */

/** @param {T} t */
const details = (t) =>
  step({
    t,
    index: 0,
    id: 'checkout_details',
    fields: html`
    <label class="field">${t.name}<input name="name" autocomplete="name" maxlength="100" required></label>
    <label class="field">${t.email}<input name="email" type="email" autocomplete="email" maxlength="200" required></label>
    <label class="field"><span>${t.phone} <small>${t.optional}</small></span><input name="phone" type="tel" autocomplete="tel" maxlength="30"></label>`,
  });

/** @param {import('../language.mjs').Reader} reader */
function delivery({ t: { checkout: t }, price }) {
  const costs = (/** @type {keyof typeof SHIPPING} */ way) => {
    const { price: cost, freeFrom } = SHIPPING[way];
    if (cost === 0) return t.free;
    const shown = price(cost);
    return Number.isFinite(freeFrom) ? fill(t.freeFrom, { price: shown, from: price(freeFrom) }) : shown;
  };
  return step({
    t,
    index: 1,
    id: 'checkout_delivery',
    fields: html`
    <fieldset class="ways"><legend>${t.how}</legend>
      ${way({ name: 'shipping', value: 'standard', label: t.standard, note: costs('standard'), isChosen: true })}
      ${way({ name: 'shipping', value: 'express', label: t.express, note: costs('express') })}
      ${way({ name: 'shipping', value: 'pickup', label: t.pickup, note: costs('pickup') })}
    </fieldset>
    <fieldset class="plain" id="home"><legend class="unseen">${t.address}</legend>
      <label class="field">${t.address}<input name="address" autocomplete="street-address" maxlength="200" required></label>
      <div class="field-row">
        <label class="field">${t.postcode}<input name="postcode" autocomplete="postal-code" maxlength="10" required></label>
        <label class="field">${t.city}<input name="city" autocomplete="address-level2" maxlength="100" required></label>
      </div>
    </fieldset>
    <fieldset class="ways" id="pickup" disabled hidden><legend>${t.store}</legend>
      ${STORES.map(({ id, name, address }, index) => way({ name: 'store', value: id, label: name, note: address, isChosen: index === 0 }))}
    </fieldset>`,
  });
}

/** @param {T} t */
const payment = (t) =>
  step({
    t,
    index: 2,
    id: 'checkout_payment',
    action: '/orders',
    fields: html`
    <fieldset class="ways"><legend>${t.pay}</legend>
      ${way({ name: 'payment', value: 'card', label: t.card, isChosen: true })}
      ${way({ name: 'payment', value: 'paypal', label: t.paypal })}
      ${way({ name: 'payment', value: 'store', label: t.inStore })}
    </fieldset>
    <p class="tagline">${t.nothingCharged}</p>`,
  });

/**
 * @param {object} one
 * @param {T} one.t
 * @param {number} one.index
 * @param {string} one.id  by which events name the form
 * @param {import('../html.mjs').Html} one.fields
 * @param {string} [one.action]  of the last, which is sent
 */
const step = ({ t, index, id, fields, action }) => html`<form class="step" id="${id}" method="post" action="${
  action ?? '/checkout'
}"${index > 0 && trusted(' hidden')}>
  <p class="step-of">${fill(t.stepOf, { step: index + 1, steps: t.steps.length })}</p>
  <h2 tabindex="-1">${t.steps[index]}</h2>
  ${fields}
  <div class="step-buttons">
    ${index > 0 && html`<button class="button quiet" type="button" data-back>${t.back}</button>`}
    <button class="button" type="submit">${action ? t.place : t.next}</button>
  </div>
</form>`;

/**
 * One of several ways to go on.
 *
 * @param {{ name: string, value: string, label: string, note?: string, isChosen?: boolean }} one
 */
const way = ({ name, value, label, note, isChosen = false }) => html`<label class="way" data-way="${value}">
  <input type="radio" name="${name}" value="${value}"${isChosen && trusted(' checked')}>
  <span>${label}${note !== undefined && html`<small>${note}</small>`}</span></label>`;
