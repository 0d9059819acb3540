import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config/error.ts';
import { isThere, makeFile, replaceFile } from './whole_file.ts';

const secret = z.string().regex(/^[A-Za-z0-9_-]{43,}$/, 'must be 32 bytes or more in base64url');

const schema = z.looseObject({
  /** Signs visitor cookies. Lost: every visitor gets a new id. */
  cookie: secret,
  /** Keys the hashes under which contacts join with the CRM. Lost: those joins are lost. */
  join: secret,
  /** Opens the reader's queries to the command line. */
  admin: secret,
  /** Keys the hashes under which server keys and console secrets are kept. Lost: all of them must be made anew. */
  pepper: secret.optional(),
  /** Keys the ids of receipts and of those whose they are. Lost: no receipt that a browser holds stands any more, and who withdrew is forgotten. */
  receipts: secret.optional(),
  /** Signs receipts: an Ed25519 seed. Lost: receipts given before still verify with their public key, if that was kept. */
  signing: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
    .optional(),
});

type Held = z.output<typeof schema>;

export type Secrets = Held & { readonly [name in 'pepper' | 'receipts' | 'signing']: string };

/**
 * The secrets of a data folder; made on first use, readable by their owner alone.
 *
 * @returns the secrets, and whether they were made just now
 * @throws ConfigError where the file is there and cannot be used: never replaced, for joins would be lost
 */
export async function openSecrets(path: string): Promise<{ readonly secrets: Secrets; readonly isNew: boolean }> {
  if (!(await isThere(path))) {
    const made = await makeSecrets(path);
    if (made) return { secrets: made, isNew: true };
  }
  const held = await readHeld(path);
  const secrets = complete(held);
  if (ADDED.some(({ name }) => held[name] === undefined)) await replaceFile(path, textOf(secrets));
  return { secrets, isNew: false };
}

/** @throws ConfigError where the file is absent or cannot be used */
export async function readSecrets(path: string): Promise<Secrets> {
  return complete(await readHeld(path));
}

/**
 * The same for whoever only looks: who else may read the file stays as it is.
 *
 * @throws ConfigError where the file is absent or cannot be used
 */
export async function lookAtSecrets(path: string): Promise<Secrets> {
  return complete(await readHeld(path, { protect: false }));
}

async function readHeld(path: string, { protect = true }: { readonly protect?: boolean } = {}): Promise<Held> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
    if (protect) await chmod(path, 0o600);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
    throw new ConfigError(`${path}: the secrets cannot be read (${reason}); restore them from a backup`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${path}: ${issue?.path.join('.')}: ${issue?.message}; restore the file from a backup`);
}

/** Secrets that files of earlier versions lack, each with the label that sets it apart from the others. */
const ADDED = [
  { name: 'pepper', label: 'parcours pepper' },
  { name: 'receipts', label: 'parcours receipts' },
  { name: 'signing', label: 'parcours signing' },
] as const;

/**
 * A file of an earlier version gains what it lacks: made from what it has (RFC 5869), so that of several processes that meet
 * it at a time none works under other secrets than the rest.
 */
function complete(held: Held): Secrets {
  const derived = (label: string): string =>
    Buffer.from(hkdfSync('sha256', Buffer.from(held.join, 'base64url'), '', label, 32)).toString('base64url');
  const added = Object.fromEntries(ADDED.map(({ name, label }) => [name, held[name] ?? derived(label)]));
  return { ...held, ...added } as Secrets;
}

/** Undefined where another process has made them meanwhile: then its are the ones. */
async function makeSecrets(path: string): Promise<Secrets | undefined> {
  const [cookie, join, admin, pepper, receipts, signing] = [make(), make(), make(), make(), make(), make()];
  const secrets: Secrets = { cookie, join, admin, pepper, receipts, signing };
  await mkdir(dirname(path), { recursive: true });
  return (await makeFile(path, textOf(secrets))) ? secrets : undefined;
}

const textOf = (secrets: object): string => `${JSON.stringify(secrets, null, 2)}\n`;

const make = (): string => randomBytes(32).toString('base64url');
