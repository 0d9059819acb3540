import { Parcours } from '@parcours/sdk/next';
import type { AppProps } from 'next/app';
import Head from 'next/head';
import Link from 'next/link';
import { Consent } from '../consent';

const options = {
  endpoint: process.env.NEXT_PUBLIC_PARCOURS_ENDPOINT ?? 'http://localhost:8787/v1/events',
  site: 'shop',
  key: 'pk_demo',
};

export default function App({ Component, pageProps }: AppProps) {
  return (
    <Parcours options={options}>
      <Head>
        <link rel="icon" href="data:," />
      </Head>
      <nav>
        <Link href="/">Home</Link> <Link href="/products/tent">Tent</Link> <Link href="/about">About</Link>
      </nav>
      <main>
        <Component {...pageProps} />
      </main>
      <Consent />
    </Parcours>
  );
}
