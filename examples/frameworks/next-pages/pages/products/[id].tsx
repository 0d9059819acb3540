import { useTrack } from '@parcours/sdk/next';
import type { GetServerSideProps } from 'next';
import Head from 'next/head';

interface Props {
  id: string;
}

export const getServerSideProps: GetServerSideProps<Props> = async ({ params }) => ({
  props: { id: String(params?.id) },
});

export default function Product({ id }: Props) {
  const track = useTrack();
  const add = () => track('add_to_cart', { currency: 'EUR', value: 129.9, items: [{ item_id: id, price: 129.9 }] });
  return (
    <>
      <Head>
        <title>{`Product ${id}`}</title>
      </Head>
      <h1>Product {id}</h1>
      <button type="button" onClick={add}>
        Add to cart
      </button>
    </>
  );
}
