import { resolve } from 'node:path';
import { type ControlState, isOpen, keysOf } from '@parcours/store/control';
import { Command } from 'commander';
import { Refusal, record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { isSecret, makeKey, type NewKey } from '../../new_key.ts';
import { openSecrets } from '../../secrets.ts';
import { expiry } from './expiry.ts';
import { openKey } from './find.ts';
import { tellNewKey } from './tell.ts';

const HOUR_MS = 3_600_000;
const MAX_HOURS = 8_760;

interface Flags {
  overlap: string;
  expires?: string;
  data: string;
  json?: boolean;
}

export const keyRotateCommand = (): Command =>
  new Command('rotate')
    .description('Make a new key in the place of one; the old one goes on for some hours, so that nobody is cut off.')
    .argument('<key id>', 'k_..., as parcours key list shows it, or a public key')
    .option('--overlap <hours>', 'hours that the old key goes on; 0 revokes it at once', '24')
    .option('--expires <days>', 'days after which the new key opens nothing (default: never)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { key, secret, old } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours key rotate k_3f9a1c2b4d5e
  parcours key rotate k_3f9a1c2b4d5e --overlap 0

Exit codes: 0 done, 1 refused.`,
    )
    .action(rotateKey);

async function rotateKey(name: string, { overlap, expires, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const hours = Number(overlap);
  if (overlap.trim() === '' || !(hours >= 0 && hours <= MAX_HOURS)) {
    fail(`--overlap must be a number of hours from 0 to ${MAX_HOURS} (it is "${overlap}")`, { json, code: 'bad_flag' });
  }
  const expires_at = expiry(expires, json);
  // Opened before it is known whether it is needed: what decides may not wait for a disk.
  const { pepper } = (await openSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }))).secrets;
  const endsAt = new Date(Date.now() + hours * HOUR_MS).toISOString();
  const rotated: { fresh?: NewKey; old?: { readonly id: string; readonly ends_at: string } } = {};
  await record(
    folder,
    (state) => {
      const { created, ends_at = endsAt } = openKey(state, name);
      refuseSecondSuccessor(state, created.key);
      const fresh = makeKey(created, { ...(isSecret(created) && { pepper }), replaces: created.key, ...expires_at });
      // A key that was to end sooner still does.
      const old = { id: created.key, ends_at: [ends_at, endsAt].sort()[0] as string };
      Object.assign(rotated, { fresh, old });
      if (hours === 0) return [fresh.record, { kind: 'key_revoked', key: created.key }];
      return [fresh.record, { kind: 'key_expires', key: created.key, expires_at: endsAt }];
    },
    { json },
  );
  const { fresh, old } = rotated as Required<typeof rotated>;
  const { record: made, shown } = fresh;
  await tellNewKey(folder, made, { shown, json, more: { old } });
  if (!json) {
    process.stdout.write(
      hours === 0 ? `The old key ${old.id} is revoked.\n` : `The old key ${old.id} goes on until ${old.ends_at}.\n`,
    );
  }
}

function refuseSecondSuccessor(state: ControlState, key: string): void {
  const successor = keysOf(state, Date.now()).find((each) => each.created.replaces === key && isOpen(each));
  if (!successor) return;
  const by = successor.created.key;
  throw new Refusal(
    'key_rotated',
    `key ${key} is being replaced by ${by} already: rotate that one, or revoke it first`,
  );
}
