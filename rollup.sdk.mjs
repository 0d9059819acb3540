import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { minifySync } from 'rolldown/utils';
import esbuild from 'rollup-plugin-esbuild';

const folder = 'packages/sdk';

/** Browsers of 2022 and later. */
const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', tsconfig: false })];

/**
 * Property names of our own that no observer, page, stored text or request knows: shortened in scripts. Whatever is on the
 * wire, in storage or offered to a page must not stand here.
 */
const INTERNAL =
  /^(acknowledged|giveBack|isGone|nudge|touch|decide|encode|settle|forget|release|current|here|sync|take|queue|identity|drops|life|observers)$/;

/** What one minifier leaves another finds: a hundredth of the script. */
const secondPass = {
  name: 'second-pass',
  renderChunk: (code, { fileName }) => minifySync(fileName, code, { compress: { target: 'es2022' }, mangle: false }),
};

/** A script for a tag: self-contained, names of its own shortened. */
const script = (input, file, ...more) => ({
  input: `${folder}/src/${input}`,
  plugins: [
    ...plugins,
    terser({
      ecma: 2020,
      module: true,
      compress: {
        passes: 3,
        unsafe: true,
        unsafe_arrows: true,
        unsafe_methods: true,
        pure_getters: true,
        keep_fargs: false,
        // Repetition compresses better than what is put in place.
        inline: false,
        hoist_props: false,
        join_vars: false,
      },
      mangle: { properties: { regex: INTERNAL } },
      format: { comments: false },
    }),
    ...more,
  ],
  output: { file: `${folder}/dist/${file}`, format: 'iife', sourcemap: false },
});

/** Observers of the module, each an import of its own: a page pays for those that it names. */
const observers = {
  clicks: 'clicks',
  scroll: 'scroll',
  engagement: 'engagement',
  forms: 'forms',
  friction: 'friction',
  errors: 'errors',
  'web-vitals': 'web_vitals',
  'data-layer': 'data_layer',
  segment: 'segment',
  'cross-domain': 'cross_domain',
};

/** Observers beside `p.js` as scripts of their own, by the name that follows `p.` */
const addOns = {
  scroll: 'scroll',
  engagement: 'engagement',
  forms: 'forms',
  friction: 'friction',
  errors: 'errors',
  'web-vitals': 'web_vitals',
  'data-layer': 'data_layer',
  'cross-domain': 'cross_domain',
};

/** Wrappers of frameworks; the framework is the app's own. */
const wrappers = ['react', 'next', 'vue', 'nuxt', 'svelte', 'astro'];

/** Where React's server components end. Rollup drops the directive of a source, so it goes before the built file. */
const useClient = ({ name, isEntry }) => (isEntry && ['react', 'next'].includes(name) ? "'use client';" : '');

/** The browser package: the module for bundlers (the protocol inside), `p.js`, the stub. */
export default [
  {
    input: {
      index: `${folder}/src/index.ts`,
      core: `${folder}/src/core.ts`,
      ...Object.fromEntries(
        Object.entries(observers).map(([name, file]) => [name, `${folder}/src/observers/${file}.ts`]),
      ),
      ...Object.fromEntries(wrappers.map((name) => [name, `${folder}/src/wrappers/${name}.ts`])),
    },
    external: ['idb-keyval', 'web-vitals', 'react', 'vue', 'svelte'],
    plugins,
    output: { dir: `${folder}/dist`, format: 'es', chunkFileNames: 'chunks/[name].js', banner: useClient },
  },
  script('snippet.ts', 'p.js', secondPass),
  script('full.ts', 'p.full.js', secondPass),
  ...Object.entries(addOns).map(([name, file]) => script(`add_ons/${file}.ts`, `p.${name}.js`, secondPass)),
  script('stub.ts', 'stub.js'),
];
