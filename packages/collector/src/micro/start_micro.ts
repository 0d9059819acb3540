import { join } from 'node:path';
import type { Script } from '../options.ts';
import { readSdkScripts } from '../sdk_scripts.ts';
import { connectMicro, type MicroClient } from './connect_micro.ts';
import { listen } from './listen.ts';
import { createMicro, type MicroOptions } from './micro.ts';

export interface StartMicroOptions extends MicroOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/**
 * Starts a micro collector in this process, for a test file or the global set-up of vitest or Playwright. It serves the
 * scripts of the `@parcours/sdk` that is installed in the project, if one is.
 *
 * @throws Error naming the option where one is wrong; the system's error where the port is taken
 * @example
 * const micro = await startMicro({ sites: [{ id: 'shop', keys: ['pk_demo'] }] });
 */
export async function startMicro({ port = 0, host, ...options }: StartMicroOptions = {}): Promise<MicroClient> {
  const scripts = options.scripts ?? (await projectScripts());
  const { url, close } = await listen(createMicro({ ...options, scripts }), { port, host });
  return { ...connectMicro(url), stop: close };
}

async function projectScripts(): Promise<readonly Script[]> {
  try {
    return await readSdkScripts(join(process.cwd(), 'package.json'));
  } catch {
    return [];
  }
}
