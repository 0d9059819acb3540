import { basename } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import { minifySync } from 'rolldown/utils';
import esbuild from 'rollup-plugin-esbuild';
import { minify } from 'terser';

const folder = 'packages/sdk';

/** Browsers of 2022 and later. */
const plugins = [nodeResolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', tsconfig: false })];

/**
 * Property names of our own that no observer, page, stored text or request knows: shortened in scripts. Whatever is on the
 * wire, in storage or offered to a page must not stand here; nor what the browser itself calls so, where we use it.
 */
const INTERNAL =
  /^(acknowledged|admit|batchHead|changed|current|date|decide|drops|effects|encode|erase|follow|forget|forgetHeld|gate|giveBack|hear|heard|here|identity|isLast|isOpen|keep|leave|life|nudge|observers|permit|query|queue|recount|refuses|regate|release|report|sending|settle|show|stored|strip|sync|take|takeBack|takes|telling|told|touch|withdraw|own|newId)$/;

/**
 * In this process: the plugin that rollup has for it starts a thread for every script, which took half of the build.
 *
 * @param {object | boolean} mangle which names are shortened
 */
const shorten = (mangle) => ({
  name: 'shorten',
  async renderChunk(code) {
    const { code: shortened } = await minify(code, {
      ecma: 2020,
      module: true,
      compress: {
        passes: 3,
        unsafe: true,
        unsafe_arrows: true,
        pure_getters: true,
        keep_fargs: false,
        // Repetition compresses better than what is put in place.
        inline: false,
        hoist_props: false,
        join_vars: false,
      },
      // Written to by whoever takes it.
      mangle: structuredClone(mangle),
      format: { comments: false },
    });
    return { code: shortened, map: null };
  },
});

/** What one minifier leaves another finds: a hundredth of the script. */
const secondPass = {
  name: 'second-pass',
  renderChunk: (code, { fileName }) => minifySync(fileName, code, { compress: { target: 'es2022' }, mangle: false }),
};

/** And what the second leaves the first finds once more. */
const morePasses = [secondPass, shorten(true)];

/** `<file>.br` beside the script, as it is sent: a collector need not compress it at its first start. */
const compressed = {
  name: 'compressed',
  generateBundle(_options, bundle) {
    for (const { fileName, code } of Object.values(bundle)) {
      this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(code) });
    }
  },
};

/** A script for a tag: self-contained, names of its own shortened. */
const script = (input, file, ...more) => ({
  input: `${folder}/src/${input}`,
  plugins: [
    ...plugins,
    shorten({ properties: { regex: INTERNAL, builtins: true, reserved: offered[file] ?? [] } }),
    ...more,
    compressed,
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

/** Consent sources, each an import and a script of its own: by the name in both, the file. */
const consent = {
  tcf: 'sources/tcf',
  'consent-mode': 'sources/consent_mode',
  'consent-mode-out': 'consent_mode_out',
  gpp: 'sources/gpp',
  shopify: 'sources/shopify',
  'vanilla-cookieconsent': 'sources/vanilla_cookieconsent',
  didomi: 'sources/didomi',
  axeptio: 'sources/axeptio',
  tarteaucitron: 'sources/tarteaucitron',
  onetrust: 'sources/onetrust',
  cookiebot: 'sources/cookiebot',
  klaro: 'sources/klaro',
  sirdata: 'sources/sirdata',
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
  exempt: 'exempt',
  rights: 'rights',
  debugger: 'debugger',
};

/** Names that a script offers to pages, though `p.js` has an inner one of the same: they stay. */
const offered = { 'p.rights.js': ['withdraw'] };

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
      debugger: `${folder}/src/debugger/debugger.ts`,
      exempt: `${folder}/src/exempt/exempt.ts`,
      rights: `${folder}/src/rights/rights.ts`,
      ...Object.fromEntries(
        Object.entries(observers).map(([name, file]) => [name, `${folder}/src/observers/${file}.ts`]),
      ),
      ...Object.fromEntries(
        Object.entries(consent).map(([name, file]) => [`consent/${name}`, `${folder}/src/consent/${file}.ts`]),
      ),
      ...Object.fromEntries(wrappers.map((name) => [name, `${folder}/src/wrappers/${name}.ts`])),
    },
    external: ['idb-keyval', 'web-vitals', 'react', 'vue', 'svelte'],
    plugins,
    output: { dir: `${folder}/dist`, format: 'es', chunkFileNames: 'chunks/[name].js', banner: useClient },
  },
  script('snippet.ts', 'p.js', ...morePasses),
  script('full.ts', 'p.full.js', ...morePasses),
  ...Object.entries(addOns).map(([name, file]) => script(`add_ons/${file}.ts`, `p.${name}.js`, ...morePasses)),
  ...Object.entries(consent).map(([name, file]) =>
    script(`add_ons/consent/${basename(file)}.ts`, `p.${name}.js`, ...morePasses),
  ),
  script('stub.ts', 'stub.js'),
];
