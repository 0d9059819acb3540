import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';

/**
 * Writes each package's type declarations beside its built code: one compiler run, shared out to every `dist/`. It checks no
 * types: `pnpm check` does, tests and scripts included.
 */
const made = 'node_modules/.cache/declarations';
rmSync(made, { recursive: true, force: true });
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--noCheck'], { stdio: 'inherit' });
for (const name of readdirSync('packages')) {
  if (existsSync(`${made}/${name}/src`)) cpSync(`${made}/${name}/src`, `packages/${name}/dist`, { recursive: true });
}
