import { parcours } from '@parcours/sdk/astro';
import { defineConfig } from 'astro/config';

export default defineConfig({
  integrations: [
    parcours({
      endpoint: process.env.PARCOURS_ENDPOINT ?? 'http://localhost:8787/v1/events',
      site: 'shop',
      key: 'pk_demo',
    }),
  ],
});
