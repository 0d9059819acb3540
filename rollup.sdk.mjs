import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

const folder = 'packages/sdk';

/** Browsers of 2022 and later. */
const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', tsconfig: false })];

/** A script for a tag: self-contained, locals shortened, property names left alone. */
const script = (input, file) => ({
  input: `${folder}/src/${input}`,
  plugins: [
    ...plugins,
    terser({
      ecma: 2020,
      module: true,
      compress: {
        passes: 3,
        hoist_funs: true,
        unsafe: true,
        unsafe_arrows: true,
        unsafe_methods: true,
        pure_getters: true,
        keep_fargs: false,
      },
      format: { comments: false },
    }),
  ],
  output: { file: `${folder}/dist/${file}`, format: 'iife', sourcemap: false },
});

/** Observers of the module, each an import of its own: a page pays for those that it names. */
const observers = {
  clicks: 'clicks',
  touchpoints: 'touchpoints',
  scroll: 'scroll',
  engagement: 'engagement',
  forms: 'forms',
  friction: 'friction',
  errors: 'errors',
  'web-vitals': 'web_vitals',
};

/** The browser package: the module for bundlers (the protocol inside), `p.js`, the stub. */
export default [
  {
    input: {
      index: `${folder}/src/index.ts`,
      ...Object.fromEntries(
        Object.entries(observers).map(([name, file]) => [name, `${folder}/src/observers/${file}.ts`]),
      ),
    },
    external: ['idb-keyval', 'web-vitals'],
    plugins,
    output: { dir: `${folder}/dist`, format: 'es', chunkFileNames: 'chunks/[name].js' },
  },
  script('snippet.ts', 'p.js'),
  script('stub.ts', 'stub.js'),
];
