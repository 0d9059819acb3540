import { defineConfig } from '@playwright/test';

const { MICRO_PORT = '9090', SHOP_PORT = '3000', FORGET = '' } = process.env;
const COLLECTOR_URL = `http://localhost:${MICRO_PORT}`;

/** Playwright starts the collector and the shop, waits until both are ready, and stops them after the tests. */
export default defineConfig({
  testDir: 'tests',
  // The tests share one collector, and each begins by a reset.
  workers: 1,
  use: { baseURL: `http://localhost:${SHOP_PORT}` },
  webServer: [
    { command: `npx parcours micro --port ${MICRO_PORT}`, url: `${COLLECTOR_URL}/readyz` },
    { command: 'node shop.mjs', url: `http://localhost:${SHOP_PORT}`, env: { COLLECTOR_URL, SHOP_PORT, FORGET } },
  ],
});
