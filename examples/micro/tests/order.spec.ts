import { connectMicro, microMatchers } from '@parcours/collector/testing';
import { expect as base, type Page, test } from '@playwright/test';

const expect = base.extend(microMatchers);
const micro = connectMicro(`http://localhost:${process.env.MICRO_PORT ?? '9090'}`);

test.beforeEach(() => micro.reset());
test.afterEach(async () => {
  await expect(micro).toHaveNoFailed();
  await expect(micro).toHaveNoRefused();
  await expect(micro).toHaveAllAddedUp();
});

const buy = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Buy now' }).click();
  await page.waitForURL('**/thanks');
};

test('tells an order once, with its amount', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Accept measurement' }).click();
  await buy(page);
  await expect(micro).toHaveReceived('page_view', { path: '/thanks' });
  await expect(micro).toHaveReceivedTimes('purchase', 1, {
    transaction_id: 'W-1001',
    value: 119.9,
    items: [{ item_id: 'SKU-1042' }],
    amount_minor: 11_990,
    currency: 'EUR',
  });
});

test('tells nothing of a visitor who was not asked or has not answered', async ({ page }) => {
  await page.goto('/');
  await buy(page);
  await expect(micro).not.toHaveReceived('page_view');
  await expect(micro).not.toHaveReceived('purchase', {}, { quiet: 0 });
});
