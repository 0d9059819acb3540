import { afterAll, beforeAll, expect, it } from 'vitest';
import { readGuide } from '../support/guide.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runLines } from '../support/shell.ts';

const guide = readGuide('docs/operate/keys.md');
const EXAMPLE = 'k_3f9a1c2b4d5e';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

async function lines(block: string, replacements: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, output } = await runLines(guide.block(block, replacements), program);
  expect([code, output]).toEqual([0, output]);
  return output;
}

it('the commands of the guide do what it says, one after the other', async () => {
  const added = await lines('add');
  const [publicKey = ''] = added.match(/pk_[\w-]{22}/) ?? [];
  expect(added).toContain(`<script async src="${program.collector}/p.js" data-site="shop-fr" data-key="${publicKey}">`);
  expect(await lines('list')).toMatch(/shop-fr +1 +command +https:\/\/www\.shop\.example https:\/\/pay\.shop\.example/);

  const created = await lines('create');
  const [[, server = ''] = []] = [...created.matchAll(/\((k_\w+), until \d{4}-/g)];
  expect(created.match(/(sk|pc)_[\w-]{43}\n/g)).toHaveLength(2);
  expect(created).toContain('Console secret, role analyst');

  const rotated = await lines('rotate', { [EXAMPLE]: server });
  expect(rotated).toMatch(new RegExp(`The old key ${server} goes on until \\d{4}-`));
  const listed = await lines('list');
  expect(listed).toMatch(new RegExp(`${server} +server +shop-fr +\\(secret\\) +expiring +\\d{4}-`));
  expect(listed).not.toMatch(/(sk|pc)_[\w-]{43}/);

  const removed = await lines('revoke', { [EXAMPLE]: server });
  expect(removed).toContain(`Key ${server} is revoked.`);
  expect(removed).toContain('The events that were received for it stay in the tables.');
  expect(await lines('list')).not.toContain('shop-fr');
});
