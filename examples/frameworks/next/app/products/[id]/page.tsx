import { AddToCart } from './add_to_cart';

interface Props {
  params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: Props) {
  return { title: `Product ${(await params).id}` };
}

export default async function Product({ params }: Props) {
  const { id } = await params;
  return (
    <>
      <h1>Product {id}</h1>
      <AddToCart id={id} />
    </>
  );
}
