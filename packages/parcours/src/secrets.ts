import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config/error.ts';

const secret = z.string().regex(/^[A-Za-z0-9_-]{43,}$/, 'must be 32 bytes or more in base64url');

const schema = z.looseObject({
  /** Signs visitor cookies. Lost: every visitor gets a new id. */
  cookie: secret,
  /** Keys the hashes under which contacts join with the CRM. Lost: those joins are lost. */
  join: secret,
  /** Opens the reader's queries to the command line. */
  admin: secret,
});

export type Secrets = z.output<typeof schema>;

/**
 * The secrets of a data folder; made on first use, readable by their owner alone.
 *
 * @returns the secrets, and whether they were made just now
 * @throws ConfigError where the file is there and cannot be used: never replaced, for joins would be lost
 */
export async function openSecrets(path: string): Promise<{ readonly secrets: Secrets; readonly isNew: boolean }> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      const secrets: Secrets = { cookie: make(), join: make(), admin: make() };
      await file.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
      await file.sync();
      return { secrets, isNew: true };
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return { secrets: await readSecrets(path), isNew: false };
}

/** @throws ConfigError where the file is absent or cannot be used */
export async function readSecrets(path: string): Promise<Secrets> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
    await chmod(path, 0o600);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
    throw new ConfigError(`${path}: the secrets cannot be read (${reason}); restore them from a backup`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${path}: ${issue?.path.join('.')}: ${issue?.message}; restore the file from a backup`);
}

const make = (): string => randomBytes(32).toString('base64url');
