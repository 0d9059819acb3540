import { resolveRules } from '@parcours/protocol/policy';
import { type Engine, type Expired, type HeldRows, toTen, utcDay } from '@parcours/store';
import { removeOldAudit } from '@parcours/store/audit';
import { auditDays, type ControlState, removeTombstones, tombstoneDays, tombstonesEnd } from '@parcours/store/control';
import type { DataFolder } from '../data_folder.ts';
import { readablePolicy } from '../policy/follow_policies.ts';
import { policyNow } from '../policy/published.ts';
import { firstDayKept, keptFor } from './kept_for.ts';
import { takeOldReceipts } from './old_receipts.ts';
import { oldestSegment } from './oldest_segment.ts';
import {
  type HeldFiles,
  type RetentionRun,
  readRetentionFile,
  withExpiries,
  writeRetentionFile,
} from './retention_file.ts';

const DAY_MS = 86_400_000;

export interface RunOptions {
  readonly engine: Pick<Engine, 'heldRows' | 'countExpired' | 'expire' | 'sealDays'>;
  readonly folder: Pick<DataFolder, 'retention' | 'logs' | 'receipts' | 'control' | 'audit'>;
  readonly control: ControlState;
  /** Ed25519 seed: signs what goes of the receipts and of the audit log. */
  readonly signingKey: Uint8Array;
  /** Days that the log's segments stay, by the configuration: the hourly round lets them go. */
  readonly logDays: number;
  /** Only tells what would go. Default false. */
  readonly dryRun?: boolean;
  /** Told after each class of a site. */
  readonly onProgress?: (done: RetentionProgress) => void;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Rows gone so far, and those that are to go, rounded to ten. */
export interface RetentionProgress {
  readonly removed: number;
  readonly of: number;
}

/**
 * Takes away what is older than the policy in force allows, from tables, sealed days, receipts, marks of the erased and the audit
 * log. Done again, or after a kill anywhere in it, the same rows are left: what is to go is on disk before the first row goes, a class of a site goes whole or not at
 * all, and a sealed day is written beside itself before it takes its own place.
 *
 * @throws where the policy in force is of a newer program: what it keeps is not known, and nothing is taken
 */
export async function runRetention(options: RunOptions): Promise<RetentionRun> {
  const { engine, folder, control, signingKey, logDays } = options;
  const { dryRun = false, onProgress = () => undefined, now = Date.now } = options;
  const startedAt = now();
  const began = performance.now();
  const inForce = policyNow(control);
  const { policy } = readablePolicy({ ...inForce, at: inForce.since ?? '' }, (version, reason) => {
    throw new Error(`the policy in force (${version}) cannot be read by this program (${reason}); nothing was removed`);
  });
  const known = await readRetentionFile(folder.retention);
  const held = await engine.heldRows();
  const due = held.map(({ site, class: of }) => {
    const days = keptFor(resolveRules(policy, site))[of];
    return { site, class: of, days, before: firstDayKept(days, startedAt) };
  });
  const counted = await engine.countExpired(due.map(({ site, class: of, before }) => ({ site, class: of, before })));
  const going = counted.filter(({ rows }) => rows > 0);
  const expired = withExpiries(known.expired, going);
  if (!dryRun) {
    if (going.length > 0) await writeRetentionFile(folder.retention, { ...known, expired });
    await remove(going, { engine, onProgress });
    // Also what an interrupted run left in the files.
    await engine.sealDays(utcDay(startedAt));
  }
  const left = new Map((dryRun ? held : await engine.heldRows()).map((rows) => [keyOf(rows), rows]));
  // After the rows: what was captured under a choice never outlives its proof.
  const receipts = await takeOldReceipts({
    ...{ receipts: folder.receipts, policy, signingKey, dryRun },
    now: startedAt,
  });
  const tombstones = await takeTombstones({ folder, control, dryRun, now: startedAt });
  const audit = await takeOldAudit({ folder, control, signingKey, dryRun, now: startedAt });
  const oldestLog = await oldestSegment(folder.logs);
  const run: RetentionRun = {
    at: new Date(startedAt).toISOString(),
    took_ms: Math.round(performance.now() - began),
    policy_version: inForce.version,
    policy_hash: inForce.hash,
    rows: due.map((each, index) => {
      const rest = left.get(keyOf(each));
      const tell = each.class === 'exempt' ? toTen : (rows: number) => rows;
      const removed = tell(counted[index]?.rows ?? 0);
      const oldest = rest?.oldest;
      return { ...each, removed, left: tell(rest?.rows ?? 0), ...(oldest !== undefined && { oldest }) };
    }),
    files: [
      { class: 'log', days: logDays, removed: 0, ...(oldestLog !== undefined && { oldest: oldestLog }) },
      receipts,
      tombstones,
      audit,
    ],
  };
  if (!dryRun) await writeRetentionFile(folder.retention, { v: 1, expired, last_run: run });
  return run;
}

/** Last of all: whoever was erased stays so until no row is left that could be theirs. */
async function takeTombstones({
  folder,
  control,
  dryRun,
  now,
}: Pick<RunOptions, 'folder' | 'control'> & { readonly dryRun: boolean; readonly now: number }): Promise<HeldFiles> {
  const taken = await removeTombstones({ folder: folder.control, before: tombstonesEnd(control, now), dryRun });
  return { class: 'tombstones', days: tombstoneDays(control), ...taken };
}

/** By the UTC day, so that no entry goes early and a second run of a day finds nothing. */
async function takeOldAudit({
  folder,
  control,
  signingKey,
  dryRun,
  now,
}: Pick<RunOptions, 'folder' | 'control' | 'signingKey'> & {
  readonly dryRun: boolean;
  readonly now: number;
}): Promise<HeldFiles> {
  const days = auditDays(control);
  const { faulty, ...taken } = await removeOldAudit({
    ...{ folder: folder.audit, signingKey, dryRun, now },
    before: now - (now % DAY_MS) - days * DAY_MS,
  });
  return { class: 'audit', days, ...taken, ...(faulty.length > 0 && { faulty }) };
}

async function remove(
  going: readonly Expired[],
  { engine, onProgress }: Required<Pick<RunOptions, 'engine' | 'onProgress'>>,
): Promise<void> {
  const of = going.reduce((sum, { rows }) => sum + rows, 0);
  let removed = 0;
  for (const { site, class: name, before } of going) {
    const last = await engine.expire({ site, class: name, before });
    removed += last.rows;
    onProgress({ removed: toTen(removed), of: toTen(of) });
  }
}

const keyOf = ({ site, class: of }: Pick<HeldRows, 'site' | 'class'>): string => `${of} ${site}`;
