/** `pnpm bench <name> [flags]`: each benchmark is a file of this folder; all need `npm run build` first. */
const [name, ...flags] = process.argv.slice(2);
const BENCHMARKS = {
  collector: 'ingest beside the least that a server can do',
  machine: 'what one machine receives, loads and keeps, as `parcours bench` tells it',
  micro: 'how soon `parcours micro` is ready',
  sdk: 'what a page pays, beside an empty page and other trackers',
  weights: 'what each feature of the browser script weighs',
};

if (!Object.hasOwn(BENCHMARKS, name ?? '')) {
  console.log('Usage: pnpm bench <name> [--help]\n');
  for (const [known, what] of Object.entries(BENCHMARKS)) console.log(`  ${known.padEnd(10)} ${what}`);
  process.exit(name === undefined || name === '--help' ? 0 : 1);
}
process.argv.splice(2, Infinity, ...flags);
await import(`./${name}.mjs`);
