import { expect, test } from 'vitest';
import { startChild } from '../test/support/child.ts';

test('a Firefox that does not start is not used, and named', async () => {
  const child = startChild(process.execPath, ['scripts/firefox.mjs'], {
    env: { PARCOURS_FIREFOX: '/no/such/browser' },
  });
  expect((await child.ended).code).toBe(1);
  expect(child.output()).toBe('PARCOURS_FIREFOX is "/no/such/browser", which does not start as a browser\n');
});

test.each(['firefox', 'webkit'])('without %s and without root the command to run is told', async (name) => {
  // Nothing is on this path, and nobody but root installs.
  const run = `Object.defineProperty(process, 'getuid', { value: () => 1000 });
    const { main } = await import('./scripts/step.mjs');
    const { ensure${name === 'firefox' ? 'Firefox' : 'Webkit'}: ensure } = await import('./scripts/${name}.mjs');
    await main(ensure);`;
  const child = startChild(process.execPath, ['--input-type=module', '-e', run], { env: { PATH: '/nowhere' } });
  expect((await child.ended).code).toBe(1);
  expect(child.output()).toMatch(/there is none here|not all of it is here/);
  expect(child.output()).toMatch(
    /^ {2}sudo sh -c 'apt-get update -qq && apt-get install -y --no-install-recommends .+'$/m,
  );
});
