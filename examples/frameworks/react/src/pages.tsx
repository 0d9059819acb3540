import { useTrack } from '@parcours/sdk/react';
import { useParams } from 'react-router';

export const Home = () => (
  <>
    <title>Home</title>
    <h1>Home</h1>
  </>
);

export const About = () => (
  <>
    <title>About</title>
    <h1>About</h1>
  </>
);

export function Product() {
  const { id } = useParams();
  const track = useTrack();
  const add = () => track('add_to_cart', { currency: 'EUR', value: 129.9, items: [{ item_id: id, price: 129.9 }] });
  return (
    <>
      <title>{`Product ${id}`}</title>
      <h1>Product {id}</h1>
      <button type="button" onClick={add}>
        Add to cart
      </button>
    </>
  );
}
