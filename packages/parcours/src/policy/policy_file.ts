import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { MAX_POLICY_BYTES, type PolicyFault, parsePolicy } from '@parcours/protocol/policy';
import { ConfigError, readConfigFile } from '../config/index.ts';

/** The files that are read without being named, one of them at most in a folder. */
export const POLICY_FILES = ['json', 'ts', 'mts', 'js', 'mjs'].map((ending) => `consent.policy.${ending}`);

/** A fault with its place in the file: line and column where it is JSON. */
export interface PlacedFault extends PolicyFault {
  readonly place: string;
}

export type PolicyFile =
  | { readonly path: string; readonly policy: Policy; readonly faults?: undefined }
  | { readonly path: string; readonly policy?: undefined; readonly faults: readonly PlacedFault[] };

/** A file that cannot be read as a policy at all: its message is one line. */
export class PolicyFileError extends Error {
  override name = 'PolicyFileError';
}

/** More than any layout of a policy: a file of this size is another one. */
const MAX_FILE_BYTES = 16 * MAX_POLICY_BYTES;

/**
 * The policy of a file, of JSON or of code.
 *
 * @param given without it the one of this folder
 * @throws PolicyFileError where there is none, or it cannot be read
 */
export async function readPolicyFile(given: string | undefined): Promise<PolicyFile> {
  const path = given ?? findPolicyFile();
  try {
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size > MAX_FILE_BYTES) throw new ConfigError(`${path}: must be at most ${MAX_FILE_BYTES / 1024} KB`);
    const { value, placeOf } = await readConfigFile(path);
    const { policy, faults } = parsePolicy(value);
    if (policy) return { path, policy };
    return { path, faults: faults.map((fault) => ({ ...fault, place: placeOf(fault.steps) })) };
  } catch (error) {
    if (error instanceof RangeError) throw new PolicyFileError(`${path}: is nested too deep`);
    if (error instanceof ConfigError) throw new PolicyFileError(error.message);
    throw error;
  }
}

function findPolicyFile(folder: string = process.cwd()): string {
  const found = POLICY_FILES.filter((name) => existsSync(join(folder, name)));
  if (found.length === 1) return resolve(folder, found[0] as string);
  throw new PolicyFileError(
    found.length === 0
      ? `${folder} has no consent.policy.json: name a file, or write one with: parcours policy init`
      : `${folder} has ${found.join(' and ')}: keep one of them, or name it`,
  );
}
