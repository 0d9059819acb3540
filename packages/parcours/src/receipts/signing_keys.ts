import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { publicKeyOf, signingKeyOf } from '@parcours/store/receipts';
import { z } from 'zod';
import { fail } from '../fail.ts';
import { readSecrets } from '../secrets.ts';

/**
 * The keys that signed receipts and the audit log: the data folder's own, where there are secrets, and those given by
 * `--key`. Ends the command where one is no key.
 */
export async function verifyingKeys(
  secrets: string,
  given: readonly string[],
  { json }: { readonly json: boolean },
): Promise<readonly KeyObject[]> {
  return [...(await ownKey(secrets, given.length > 0)), ...given.map((text) => keyOf(text, json))];
}

async function ownKey(path: string, isOptional: boolean): Promise<readonly KeyObject[]> {
  try {
    return [createPublicKey(signingKeyOf(Buffer.from((await readSecrets(path)).signing, 'base64url')))];
  } catch (error) {
    if (isOptional) return [];
    throw error;
  }
}

function keyOf(text: string, json: boolean): KeyObject {
  try {
    return publicKeyOf(text);
  } catch {
    return fail(`--key must be a public key of 43 characters, as an export tells it (it is "${text}")`, {
      json,
      code: 'bad_flag',
    });
  }
}

const headsFile = z.looseObject({ writers: z.record(z.string(), z.looseObject({ head: z.string().nullable() })) });

/** The head of each writer's chain out of a `--heads` file; ends the command where it is none. */
export async function readHeads(
  path: string,
  { json, from }: { readonly json: boolean; readonly from: string },
): Promise<Readonly<Record<string, string>>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
    fail(`--heads: ${path} cannot be read (${reason})`, { json, code: 'bad_flag' });
  }
  const parsed = headsFile.safeParse(value);
  if (!parsed.success) fail(`--heads: ${path} is no ${from}`, { json, code: 'bad_flag' });
  return Object.fromEntries(
    Object.entries(parsed.data.writers).flatMap(([writer, { head }]) => (head === null ? [] : [[writer, head]])),
  );
}
