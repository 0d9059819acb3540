import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { openVisit, type Visit } from '../support/browser.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let visit: Visit;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(async () => {
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

const row = (text: string) => visit.page.locator('#lines tr', { hasText: text });

test('events appear as they arrive, with the decision taken', async () => {
  const { page } = visit;
  await program.signIn(page, '/live?lang=fr');
  await page.getByText('Connecté').waitFor();
  await postEvents(program.collector, [
    anEvent({ type: 'live_accepted' }),
    anEvent({ type: 'live_filtered', stamp: 7 }),
    anEvent({ type: 'search', props: {} }),
  ]);
  expect(await row('live_accepted').locator('td').nth(3).textContent()).toBe('accepté');
  expect(await row('live_filtered').locator('td').nth(3).textContent()).toBe('filtré');
  expect(await row('search').locator('td').nth(3).textContent()).toBe('en échec');
  expect(await row('search').locator('td').nth(4).textContent()).toBe('invalid_field: props.search_term');
});

test('what a stranger writes is shown as text, and runs nowhere', async () => {
  const { page } = visit;
  await program.signIn(page, '/live?lang=en');
  await page.getByText('Connected').waitFor();
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const props = JSON.parse(`{ ${JSON.stringify(markup)}: { "__proto__": 1 } }`);
  await postEvents(program.collector, [anEvent({ type: 'hostile', props })]);
  await row('hostile').waitFor();
  expect(await row('hostile').locator('td').nth(4).textContent()).toContain(markup);
  expect(await page.locator('#lines img, #lines script').count()).toBe(0);
  expect(await page.title()).toBe('Live · Parcours');
});

test('is paused and resumed by keyboard', async () => {
  const { page } = visit;
  await program.signIn(page, '/live?lang=en');
  await page.getByText('Connected').waitFor();
  const toggle = page.getByRole('button', { name: 'Pause' });
  await toggle.focus();
  await page.keyboard.press('Enter');
  await page.getByText('Paused').waitFor();
  await postEvents(program.collector, [anEvent({ type: 'while_paused' })]);
  await program.rowsWhen(`SELECT 1 FROM events WHERE type = 'while_paused'`, (rows) => rows.length === 1);
  expect(await row('while_paused').count()).toBe(0);
  await page.keyboard.press('Enter');
  await row('while_paused').waitFor();
});
