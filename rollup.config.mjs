import { readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import resolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';
import sdk from './rollup.sdk.mjs';

/**
 * Builds what is published: each package's `dist/`, from its own source.
 * The program takes our own packages in, so that it runs from its folder alone; everything else stays a dependency.
 */

/** Dependencies of a package: never bundled, always installed beside it. */
const dependencies = (name) => {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(`packages/${name}/package.json`, 'utf8'),
  );
  return Object.keys({ ...dependencies, ...peerDependencies });
};

/** `import text from './page.css?raw'` is the file's text. */
const raw = {
  name: 'raw',
  resolveId(source, importer) {
    if (!source.endsWith('?raw') || !importer) return null;
    return new URL(source, `file://${importer}`).href.replace('file://', '');
  },
  async load(id) {
    if (!id.endsWith('?raw')) return null;
    return `export default ${JSON.stringify(await readFile(id.slice(0, -'?raw'.length), 'utf8'))};`;
  },
};

/** `import manifest from '../package.json'` is its value. */
const json = {
  name: 'json',
  transform: (code, id) => (id.endsWith('.json') ? { code: `export default ${code};`, map: null } : null),
};

/** What is neither bundled nor a dependency would be missing where the package is installed. */
const refuse = (warning, warn) => {
  if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message);
  warn(warning);
};

const build = (name, input, { bundleOwn = false } = {}) => {
  // Chunks carry a hash in their names: those of earlier builds would pile up.
  rmSync(`packages/${name}/dist/chunks`, { recursive: true, force: true });
  const installed = dependencies(name).filter((dependency) => !(bundleOwn && dependency.startsWith('@parcours/')));
  return {
    input: Object.fromEntries(Object.entries(input).map(([entry, file]) => [entry, `packages/${name}/src/${file}`])),
    output: { dir: `packages/${name}/dist`, format: 'es', chunkFileNames: 'chunks/[name]-[hash].js' },
    external: (id) =>
      id.startsWith('node:') || installed.some((dependency) => id === dependency || id.startsWith(`${dependency}/`)),
    onwarn: refuse,
    plugins: [
      raw,
      json,
      resolve({ extensions: ['.ts', '.tsx', '.js'] }),
      esbuild({ target: 'node20', tsconfig: 'tsconfig.base.json' }),
    ],
  };
};

export default [
  build('protocol', { index: 'index.ts', schema: 'schema.ts', openapi: 'openapi/index.ts' }),
  ...sdk,
  build('store', { index: 'index.ts', control: 'control/index.ts', log: 'log/index.ts' }),
  build('collector', {
    index: 'index.ts',
    node: 'node.ts',
    micro: 'micro/index.ts',
    testing: 'micro/testing.ts',
    testing_vitest: 'micro/vitest.ts',
  }),
  build('journeys', { index: 'index.ts' }),
  build(
    'parcours',
    { bin: 'bin.ts', index: 'index.ts', define_config: 'config/define_config.ts' },
    { bundleOwn: true },
  ),
];
