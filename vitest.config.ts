import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.ts';

/** Have a project of their own, below. */
const ELSEWHERE = [
  'test/frameworks/**',
  'test/install/proxies.test.ts',
  'test/deploy/real/**',
  'test/faults/{program,browser}/**',
];

/** Nothing else may run meanwhile: they hold the program to a time, or build it where it is not built yet. */
export const ALONE = [
  'test/e2e/consent_tabs.test.ts',
  'test/program/collectors.test.ts',
  'test/program/durable_to_row.test.ts',
  'test/program/keys.test.ts',
  'test/program/subjects.test.ts',
  'test/readme.test.ts',
];

/** Only in `npm run test:full`: heavy, and of what seldom changes. */
export const ONLY_IN_FULL = [
  'packages/parcours/src/backup/backup_hot.test.ts',
  'packages/parcours/src/retention/run_retention.test.ts',
  'packages/store/src/rebuild.test.ts',
  'test/bench/runs.test.ts',
  'test/consent/guide.test.ts',
  'test/deploy/guide.test.ts',
  'test/e2e/debugger.test.ts',
  'test/e2e/reference.test.ts',
  'test/install/npm.test.ts',
  'test/install/tags.test.ts',
  'test/package/micro_example.test.ts',
  'test/package/micro_guide.test.ts',
  'test/package/pack.test.ts',
  'test/program/backup.test.ts',
  'test/program/backup_guide.test.ts',
  'test/program/backup_under_load.test.ts',
  'test/program/doctor.test.ts',
  'test/program/export.test.ts',
  'test/program/failed.test.ts',
  'test/program/keys_guide.test.ts',
  'test/program/operate.test.ts',
  'test/program/retention.test.ts',
  'test/program/sinks.test.ts',
  'test/program/upgrade.test.ts',
];

/** In `npm test` with one main case of each, in `npm run test:full` with all: `test/support/full.ts`. */
export const IN_BOTH = [
  'test/e2e/consent_managers.test.ts',
  'test/e2e/console.test.ts',
  'test/e2e/shop_consent.test.ts',
  'test/program/micro.test.ts',
  'test/properties/consent/model.test.ts',
  'test/properties/consent/replay.test.ts',
];

/** What is waited for may come late on a busy machine: Vitest would give up after a second. Only what never comes takes so long. */
const patient = { expect: { poll: { timeout: PATIENCE_MS } } };

/** Starts the program as built. One process for many files, with one browser; each file has ports and folders of its own. */
const system = {
  ...patient,
  testTimeout: 4 * PATIENCE_MS,
  hookTimeout: 4 * PATIENCE_MS,
  isolate: false,
  setupFiles: ['test/support/after_file.ts'],
};

/** Unit tests beside the source, the SDK's in happy-dom, and the whole system against real parts in `test/`. */
export default defineConfig({
  test: {
    // Vitest would leave one core to itself, which is half of a small machine.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          ...patient,
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['packages/sdk/**', ...ONLY_IN_FULL, ...configDefaults.exclude],
          isolate: false,
          // Some write and read files by the thousand: a limit is there to end what hangs.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'sdk',
          include: ['packages/sdk/src/**/*.test.ts'],
          environment: 'happy-dom',
          // A fresh window for each file, without a process for each.
          pool: 'vmThreads',
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: [...ELSEWHERE, ...ALONE, ...ONLY_IN_FULL, ...configDefaults.exclude],
          // As many sequences as there is time for; the full run has more.
          env: { TEST_RUNS: process.env.TEST_RUNS ?? '20000' },
          ...system,
        },
      },
      {
        test: {
          name: 'alone',
          include: ALONE,
          ...patient,
          fileParallelism: false,
          testTimeout: 4 * PATIENCE_MS,
          hookTimeout: 4 * PATIENCE_MS,
        },
      },
      {
        test: { name: 'full', include: [...IN_BOTH, ...ONLY_IN_FULL], env: { TEST_FULL: 'yes' }, ...system },
      },
      {
        // The program killed, starved and flooded; and more power cuts than the gate has time for.
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          ...patient,
          env: { TEST_POWER_CUTS: process.env.TEST_POWER_CUTS ?? '2000' },
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // After all other projects: some are held to times.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'frameworks',
          include: ['test/frameworks/**/*.test.ts'],
          ...patient,
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'proxies',
          include: ['test/install/proxies.test.ts'],
          ...patient,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'deploy',
          include: ['test/deploy/real/**/*.test.ts'],
          ...patient,
          testTimeout: 60_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
