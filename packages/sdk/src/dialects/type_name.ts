import { LIMITS } from '@parcours/protocol';

/**
 * An event's name as the wire takes it: one that fits is left as it is, of any other the letters are made small and plain
 * and what is none becomes `_`, so `Product Viewed` is `product_viewed` and `clic-téléphone` is `clic_telephone`. Small
 * letters are not parted: `addToCart` is `addtocart`, which cannot be taken for GA4's event. '' where nothing remains.
 */
export const typeName = (name: string): string => {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_|_$/g, '');
  const isFit = /^[a-z]\w*$/.test(name) && name === name.toLowerCase();
  return (isFit ? name : /^\d/.test(plain) ? `event_${plain}` : plain).slice(0, LIMITS.typeChars);
};
