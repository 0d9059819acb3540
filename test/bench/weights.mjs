import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { features, parts, scripts, trackers } from './features.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const brotli = (code) => brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const gzip = (code) => gzipSync(code, { level: 9 }).length;

/** What a module exports that exists when it runs. */
const namesIn = (code) => [...code.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name);

/** Leaves modules out of a bundle: whatever they export does nothing. */
const without = (sources) => ({
  name: 'without',
  load: (id) =>
    sources.includes(id)
      ? namesIn(readFileSync(id, 'utf8'))
          .map((name) => `export const ${name} = () => {};`)
          .join('\n')
      : null,
});

/** The observer of an import: its name in camel case. */
function observerOf({ name, source }) {
  const wanted = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const names = namesIn(readFileSync(source, 'utf8'));
  const found = names.find((one) => one === wanted) ?? names[0];
  if (found === undefined) throw new Error(`${name} exports nothing`);
  return found;
}

/** A script tag with one observer more: as an add-on gives it, in the same file. */
const WITH = '\0with';
const withObserver = (script, feature) => ({
  name: 'with',
  resolveId: (id) => (id === WITH ? id : null),
  load: (id) =>
    id === WITH
      ? `import ${JSON.stringify(script.config.input)};
import { ${observerOf(feature)} } from ${JSON.stringify(feature.source)};
parcours.q.push(['observe', [${observerOf(feature)}]]);`
      : null,
});

/** A script tag's code and the modules in it, with plug-ins before its own. */
async function scriptWith({ config }, { plugin, input = config.input } = {}) {
  const built = await rollup({ ...config, input, plugins: [plugin, ...config.plugins], logLevel: 'silent' });
  const { output } = await built.generate(config.output);
  await built.close();
  return { code: output[0].code, modules: Object.keys(output[0].modules) };
}

/** Bytes of a bundled app that has only these imports; a framework is the app's own. */
async function importsWeigh(imports) {
  const { outputFiles } = await build({
    stdin: { contents: imports.map((path) => `export * from '${path}';`).join('\n'), resolveDir: HERE },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    external: ['react', 'react/*', 'next', 'next/*', 'vue', 'svelte', 'svelte/*', 'nuxt', 'astro'],
    write: false,
    logLevel: 'silent',
  });
  return brotli(outputFiles[0].contents);
}

/** Rows of the table; a row that adds to another says so. */
async function weighFeatures(all, tag) {
  const whole = await scriptWith(tag);
  const bytes = brotli(whole.code);
  const inTag = (source) => whole.modules.includes(source);
  const less = async (sources) => brotli((await scriptWith(tag, { plugin: without(sources) })).code);
  const more = async (feature) =>
    brotli((await scriptWith(tag, { plugin: withObserver(tag, feature), input: WITH })).code);
  const watching = whole.modules.filter((module) => isPageViews(module) || isFeature(module));
  const rows = [];
  for (const path of trackers()) rows.push({ feature: path, npm: await importsWeigh([path]) });
  rows.push({ feature: 'core, nothing watched', isInTag: true, tag: await less(watching) });
  for (const { name, source } of parts().filter(({ source }) => inTag(source))) {
    rows.push({ feature: name, adds: true, isInTag: true, tag: bytes - (await less([source])) });
  }
  const [first] = rows;
  for (const feature of features()) {
    const { name, source, isObserver } = feature;
    const addOn = all.find((script) => script.name === `p.${name.replace('consent/', '')}.js`);
    const row = { feature: name, adds: true, isInTag: inTag(source) };
    if (row.isInTag) row.tag = bytes - (await less([source]));
    else if (isObserver) row.tag = (await more(feature)) - bytes;
    if (addOn) row.addOn = brotli((await scriptWith(addOn)).code);
    row.npm = (await importsWeigh([first.feature, `${first.feature}/${name}`])) - first.npm;
    rows.push(row);
  }
  return rows;
}

const isPageViews = (module) => module.endsWith('/observers/page_views.ts');
const isFeature = (module) => features().some(({ source }) => source === module);

const cell = (bytes, adds) => (bytes === undefined ? '' : adds ? `+${bytes}` : `${bytes}`);

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: 'What each feature of the browser script weighs: bundles with it and without it, made from the sources as the published ones are.',
  options: {},
  isReproducible: true,
  async measure() {
    const all = scripts();
    const sizes = [];
    for (const script of all) {
      const code = Buffer.from((await scriptWith(script)).code);
      sizes.push({ script: script.name, minified: code.length, gzip: gzip(code), brotli: brotli(code) });
    }
    const tag = all.find(({ name }) => name === 'p.js');
    return { conditions: ['brotli 11', 'gzip -9'], rows: [...sizes, ...(await weighFeatures(all, tag))] };
  },
  tables: ({ rows }) => [
    [
      ['script', 'minified', 'gzip', 'brotli'],
      ...rows
        .filter(({ script }) => script)
        .map(({ script, minified, gzip, brotli }) => [script, minified, gzip, brotli]),
    ],
    [
      ['feature', 'in p.js', 'in one tag', 'add-on script', 'npm import'],
      ...rows
        .filter(({ feature }) => feature)
        .map(({ feature, adds, isInTag, tag, addOn, npm }) => [
          feature,
          isInTag ? 'yes' : '',
          cell(tag, adds),
          cell(addOn),
          cell(npm, adds),
        ]),
    ],
  ],
};
