'use client';

import { useTrack } from '@parcours/sdk/next';

export function AddToCart({ id }: { id: string }) {
  const track = useTrack();
  const add = () => track('add_to_cart', { currency: 'EUR', value: 129.9, items: [{ item_id: id, price: 129.9 }] });
  return (
    <button type="button" onClick={add}>
      Add to cart
    </button>
  );
}
