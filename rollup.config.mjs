import { readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';
import license from 'rollup-plugin-license';

/**
 * Builds what is published: each package's `dist/`, from its own source; the browser's is built by `rollup.sdk.mjs`.
 * The program takes in whatever it runs with, ours and others', so that a start reads few files; the packages leave their
 * dependencies outside.
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

/**
 * What the program leaves outside: what has files of its own beside its code (the engine, the SDK's scripts), what reads the
 * operator's files (jiti), what operators add by themselves, and what asks for that (prom-client, which brings its own).
 */
const BESIDE_THE_PROGRAM = ['@duckdb/node-api', '@opentelemetry/', '@parcours/sdk', 'jiti', 'prom-client'];

/**
 * CommonJS among them: required where it would be imported. To import it Node reads through all of its text for the names that
 * it exports, which takes the engine's a tenth of a second at each start.
 */
const COMMON_JS = /^(@duckdb\/node-api|prom-client)$/;

const required = {
  name: 'required',
  renderChunk(code) {
    let found = false;
    const rendered = code.replace(/^import (?:(.+) from )?'([^']+)';$/gm, (statement, names, dependency) => {
      if (!COMMON_JS.test(dependency)) return statement;
      // Without names it stands there only so that it is loaded early.
      if (names === undefined) return '';
      found = true;
      return `const ${names.replaceAll(' as ', ': ')} = requireCommonJs('${dependency}');`;
    });
    if (!found) return { code: rendered, map: null };
    const make = `import { createRequire as createRequireCommonJs } from 'node:module';
const requireCommonJs = createRequireCommonJs(import.meta.url);
`;
    return { code: rendered.replace(/^(#!.*\n)?/, `$1${make}`), map: null };
  },
};

/** Whoever passes code on passes its licence on; one that asks more than that stops the build. */
const allow = {
  test: '(MIT OR ISC OR Apache-2.0 OR BSD-2-Clause OR BSD-3-Clause OR Unlicense)',
  failOnUnlicensed: true,
  failOnViolation: true,
};
const isOurs = ({ name }) => name === 'parcours' || name.startsWith('@parcours/');
const template = (found) =>
  found
    .filter((one) => !isOurs(one))
    .map((one) => one.text())
    .join('\n\n---\n\n');

/** @param outside what stays outside, by the beginning of its name; default: all that the package depends on */
const build = (name, input, { outside = dependencies(name), plugins = [] } = {}) => {
  // Chunks carry a hash in their names: those of earlier builds would pile up.
  rmSync(`packages/${name}/dist/chunks`, { recursive: true, force: true });
  return {
    input: Object.fromEntries(Object.entries(input).map(([entry, file]) => [entry, `packages/${name}/src/${file}`])),
    output: { dir: `packages/${name}/dist`, format: 'es', chunkFileNames: 'chunks/[name]-[hash].js' },
    external: (id) => id.startsWith('node:') || outside.some((one) => `${id}/`.startsWith(one.replace(/\/?$/, '/'))),
    onwarn: refuse,
    plugins: [
      raw,
      json,
      resolve({ extensions: ['.ts', '.tsx', '.js'], preferBuiltins: true }),
      esbuild({ target: 'node20', tsconfig: 'tsconfig.base.json' }),
      ...plugins,
    ],
  };
};

export default [
  build('protocol', { index: 'index.ts', schema: 'schema.ts', policy: 'policy/index.ts', openapi: 'openapi/index.ts' }),
  build('store', {
    index: 'index.ts',
    audit: 'audit/index.ts',
    control: 'control/index.ts',
    log: 'log/index.ts',
    receipts: 'receipts/index.ts',
  }),
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
    {
      outside: BESIDE_THE_PROGRAM,
      plugins: [
        commonjs({ ignoreDynamicRequires: true }),
        required,
        license({
          thirdParty: { allow, output: { file: 'packages/parcours/dist/THIRD_PARTY_LICENSES.txt', template } },
        }),
      ],
    },
  ),
];
