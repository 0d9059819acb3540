import { join } from 'node:path';
import { type Child, ROOT, startChild } from '../support/child.ts';

/** One of `examples/frameworks`, and how it is built and served. */
export interface App {
  readonly name: string;
  readonly folder: string;
  /** For Node, in the app's folder; left out where the app runs from its source. */
  readonly build?: readonly string[];
  readonly serve: (port: string) => readonly string[];
  /** What it writes once it listens. */
  readonly ready: RegExp;
  /** Where it reads the collector's address, while it is built or as it starts. */
  readonly endpoint: string;
  /** Default `production`. */
  readonly mode?: 'development';
}

const VITE = 'node_modules/vite/bin/vite.js';
const NEXT = 'node_modules/next/dist/bin/next';
const ASTRO = 'node_modules/astro/astro.js';
const NUXT = 'node_modules/nuxt/bin/nuxt.mjs';

const vite = {
  build: [VITE, 'build'],
  serve: (port: string) => [VITE, 'preview', '--port', port, '--strictPort'],
  ready: /Local:/,
  endpoint: 'VITE_PARCOURS_ENDPOINT',
};

const next = {
  build: [NEXT, 'build'],
  serve: (port: string) => [NEXT, 'start', '--port', port],
  ready: /Ready in/,
  endpoint: 'NEXT_PUBLIC_PARCOURS_ENDPOINT',
};

/** Every app, as its users would publish it; React also as they develop it, where StrictMode runs all effects twice. */
export const APPS: readonly App[] = [
  { name: 'React', folder: 'react', ...vite },
  {
    name: 'React in development',
    folder: 'react',
    // Its copies of dependencies may be of an earlier SDK.
    serve: (port) => [VITE, '--port', port, '--strictPort', '--force'],
    ready: /Local:/,
    endpoint: vite.endpoint,
    mode: 'development',
  },
  { name: 'Next, App Router', folder: 'next', ...next },
  { name: 'Next, Pages Router', folder: 'next-pages', ...next },
  { name: 'Vue', folder: 'vue', ...vite },
  {
    name: 'Nuxt',
    folder: 'nuxt',
    build: [NUXT, 'build'],
    serve: () => ['.output/server/index.mjs'],
    ready: /Listening on/,
    endpoint: 'NUXT_PUBLIC_PARCOURS_ENDPOINT',
  },
  {
    name: 'SvelteKit',
    folder: 'svelte',
    build: [VITE, 'build'],
    serve: () => ['build'],
    ready: /Listening on/,
    endpoint: 'PUBLIC_PARCOURS_ENDPOINT',
  },
  {
    name: 'Astro',
    folder: 'astro',
    build: [ASTRO, 'build'],
    serve: (port) => [ASTRO, 'preview', '--port', port],
    ready: /Local/,
    endpoint: 'PARCOURS_ENDPOINT',
  },
];

/** Builds an app and serves it at a port. Nothing of the test runner's own settings reaches it, and it calls nobody. */
export async function startApp(app: App, port: number, collector: string): Promise<Child> {
  const options = {
    cwd: join(ROOT, 'examples/frameworks', app.folder),
    env: {
      NODE_ENV: app.mode ?? 'production',
      VITEST: undefined,
      TEST: undefined,
      PORT: String(port),
      [app.endpoint]: `${collector}/v1/events`,
      ASTRO_TELEMETRY_DISABLED: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      NUXT_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
    },
  };
  if (app.build) {
    const build = startChild(process.execPath, app.build, options);
    const { code } = await build.ended;
    if (code !== 0) throw new Error(`${app.name} did not build:\n${build.output()}`);
  }
  const server = startChild(process.execPath, app.serve(String(port)), options);
  await server.saw(app.ready);
  return server;
}
