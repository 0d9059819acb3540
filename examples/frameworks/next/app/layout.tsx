import { Parcours } from '@parcours/sdk/next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Consent } from './consent';

const options = {
  endpoint: process.env.NEXT_PUBLIC_PARCOURS_ENDPOINT ?? 'http://localhost:8787/v1/events',
  site: 'shop',
  key: 'pk_demo',
};

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Parcours options={options}>
          <nav>
            <Link href="/">Home</Link> <Link href="/products/tent">Tent</Link> <Link href="/about">About</Link>
          </nav>
          <main>{children}</main>
          <Consent />
        </Parcours>
      </body>
    </html>
  );
}
