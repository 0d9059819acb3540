const format = new Intl.NumberFormat(document.documentElement.lang === 'fr' ? 'fr-FR' : 'en-IE', {
  style: 'currency',
  currency: 'EUR',
});

/** An amount as the page's reader reads it. @param {number} amount EUR */
export const euros = (amount) => format.format(amount);
