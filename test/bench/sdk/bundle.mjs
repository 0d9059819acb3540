import { basename } from 'node:path';
import { build } from 'esbuild';
import { POLICY } from './policy.mjs';

/**
 * An entry as a shop's bundler would make it: minified, production, what is imported later in files of its own.
 *
 * @param {string} path      of the entry
 * @param {string} endpoint  origin that the entry finds as `ENDPOINT`, beside the consent policy as `POLICY`
 * @returns {Promise<{ main: string, files: ReadonlyMap<string, Buffer> }>} `main`: the name of the file to load
 */
export async function bundle(path, endpoint) {
  const { outputFiles } = await build({
    entryPoints: { main: path },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    target: 'es2022',
    define: {
      ENDPOINT: JSON.stringify(endpoint),
      POLICY: JSON.stringify(POLICY),
      'process.env.NODE_ENV': '"production"',
    },
    outdir: '/bundle',
    write: false,
    logLevel: 'warning',
  });
  return {
    main: 'main.js',
    files: new Map(outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)])),
  };
}
