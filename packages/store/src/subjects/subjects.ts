import type { AuditActor } from '../audit/actions.ts';
import { appendAudit } from '../audit/append.ts';
import type { AuditEntry, NewAudit } from '../audit/entry.ts';
import { appendControl } from '../control/append.ts';
import type { ControlState } from '../control/kinds/index.ts';
import { erasedAt, MAX_ERASED } from '../control/kinds/subject_erased.ts';
import { readControl } from '../control/reader.ts';
import { erasedHash } from '../control/subject_ids.ts';
import { tombstoneDays } from '../control/tombstone_days.ts';
import type { Engine } from '../engines/engine.ts';
import { utcDay } from '../maintain.ts';
import { subjectOf } from '../receipts/ids.ts';
import { systemTimers, type Timers } from '../timers.ts';
import { type AskedSubject, startOf } from './asked.ts';
import { type Exported, exportParts } from './export.ts';
import { findIds, type SubjectIds } from './find.ts';
import { ofSubject, type SubjectRecords } from './records.ts';
import { SubjectError } from './subject_error.ts';

/** Who asks, for the audit log. */
export interface SubjectAsker {
  readonly by: AuditActor;
  /** Id of the console secret, `k_…`. */
  readonly byKey?: string | undefined;
}

/** What is held of somebody: counts. */
export interface FoundSubject extends SubjectIds {
  /** Rows of the tables, and the days of sealed files that they are in. */
  readonly rows: { readonly events: number; readonly failed: number; readonly days: number };
  /** Receipts of consent, and choices taken back: the proof, which erasure leaves. */
  readonly receipts: number;
  readonly withdrawals: number;
  /** When one of the ids was erased before; RFC 3339. */
  readonly erasedAt?: string;
  /** Closed days that are to be written to Parquet, first or anew: until none is, old files may hold what was erased of whomever. */
  readonly daysToSeal: number;
}

export interface ErasedSubject extends FoundSubject {
  /** False where it was only tried. */
  readonly isErased: boolean;
  /** Rows that went; of a trial, that would go. */
  readonly erased: { readonly events: number; readonly failed: number; readonly days: number };
  /** From then on no segment of the log holds anything of them; RFC 3339. */
  readonly logGoneBy: string;
  /** Until then whatever names them is refused; RFC 3339. */
  readonly refusedUntil: string;
}

export interface EraseOptions {
  readonly asker: SubjectAsker;
  /** Tells what would go, and changes nothing. Default false. */
  readonly dryRun?: boolean;
  /** Refuses events of the id from now on even where nothing is held of it, as for a browser that is offline. Default false. */
  readonly evenIfUnknown?: boolean;
}

/**
 * A person's rights over what is held (GDPR 15, 17, 20): found, handed over and erased by the same way, so that nothing that
 * one finds is missed by the other. Free text is not searched: a name that somebody typed is not found.
 */
export interface Subjects {
  /** @throws SubjectError `bad_id`, `unknown_subject`, `too_many_ids` */
  findSubject(asked: AskedSubject): Promise<FoundSubject>;
  /**
   * Everything held, as one JSON document in pieces of text. Nothing is made before it is asked for; the audit log is written
   * before the first piece.
   *
   * @throws SubjectError as `findSubject`, before the first piece
   */
  exportSubject(asked: AskedSubject, options: { readonly asker: SubjectAsker }): Promise<AsyncIterable<string>>;
  /**
   * What is held under the id of one browser on one site, for whoever proves no more than that: other ids are not followed, and
   * those of customers that stand in its rows are left out, for they may be of somebody else who used it. The same document,
   * `null` where there is nothing. The audit log is the asker's.
   */
  exportVisitor(visitor: { readonly site: string; readonly visitorId: string }): Promise<AsyncIterable<string>>;
  /**
   * Erases, in this order: a tombstone, by which every collector refuses what names them within a second; the rows of the tables;
   * the entry in the audit log; the sealed days. Where it is interrupted, the tombstone does the rest at the next start, and
   * the next sealing goes on with the days.
   *
   * @throws SubjectError as `findSubject`, and `not_recorded`
   */
  eraseSubject(asked: AskedSubject, options: EraseOptions): Promise<ErasedSubject>;
}

export interface SubjectsOptions {
  readonly engine: Engine;
  /** Loads all that the log holds now: what came in the last moment is theirs too. */
  readonly drain: () => Promise<void>;
  /** Folders of control records, receipts and the audit log. */
  readonly control: string;
  readonly receipts: string;
  readonly audit: string;
  /** Name of the folders that this process writes in `control` and `audit`, such as `reader`. */
  readonly writer: string;
  /** Of `secrets.json`: `receipts`, `join` and `signing`. */
  readonly keys: { readonly receipts: Uint8Array; readonly join: Uint8Array; readonly signing: Uint8Array };
  /** Days that a loaded segment of the log stays. */
  readonly logDays: number;
  /** Days that each class of data of a site is kept, for the export. */
  readonly retentionOf: (state: ControlState, site: string) => Readonly<Record<string, number>>;
  /** How long an erasure waits for sealed days. Default: until all are written, and it fails where that fails. */
  readonly sealing?: PatientSealing;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Sealed days go on being written after the answer where there are many: a year of them takes minutes. */
export interface PatientSealing {
  /** Ms until it answers. */
  readonly waitMs: number;
  /** Told why days could not be written. They are to be sealed still, by whoever does so once an hour. */
  readonly onFailed: (error: unknown) => void;
  readonly timers?: Pick<Timers, 'after'>;
}

const DAY_MS = 86_400_000;
/** A segment is open for an hour, and retention comes once an hour: what was in hand when somebody was erased goes by then. */
const LOG_MARGIN_MS = 2 * 3_600_000;

export function createSubjects(options: SubjectsOptions): Subjects {
  const { engine, drain, keys, now = Date.now } = options;
  const iso = (ms: number): string => new Date(ms).toISOString();

  const toSeal = (): Promise<number> => engine.daysToSeal(utcDay(now()));

  /** Everything that is known of somebody, of this moment. */
  async function find(
    asked: AskedSubject,
  ): Promise<{ found: FoundSubject; records: SubjectRecords; state: ControlState }> {
    await drain();
    const known = await findIds(engine, asked, keys.join);
    const { ids } = known;
    const state = await readControl(options.control);
    const records = await ofSubject({ ids, asked, state, receipts: options.receipts, key: keys.receipts });
    const count = async (table: 'events' | 'failed') =>
      ids.length === 0 ? { rows: 0, days: 0 } : await engine.countOf(table, { ids, site: asked.site });
    const [events, failed] = [await count('events'), await count('failed')];
    const times = ids.map(
      (id) => erasedAt(state, { hash: erasedHash(keys.receipts, id), site: asked.site ?? '', now: now() }) ?? 0,
    );
    const last = Math.max(0, ...times);
    const found: FoundSubject = {
      ...known,
      rows: { events: events.rows, failed: failed.rows, days: Math.max(events.days, failed.days) },
      receipts: records.receipts.length,
      withdrawals: records.withdrawals.length,
      ...(last > 0 && { erasedAt: iso(last) }),
      daysToSeal: await toSeal(),
    };
    return { found, records, state };
  }

  const isUnknown = ({ rows, receipts, erasedAt: before }: FoundSubject): boolean =>
    rows.events + rows.failed + receipts === 0 && before === undefined;

  async function findKnown(asked: AskedSubject) {
    const all = await find(asked);
    if (isUnknown(all.found)) throw unknown(asked);
    return all;
  }

  /** How the audit log names somebody: by a hash of the id that was asked for, of no use anywhere else. */
  const auditName = (asked: AskedSubject): string => {
    const { kind, value } = startOf(asked, keys.join) ?? { kind: asked.by, value: asked.value };
    return subjectOf(keys.receipts, `audit ${kind}`, value);
  };

  const audit = (asked: AskedSubject, { by, byKey }: SubjectAsker, entry: AuditPart): Promise<AuditEntry> => {
    const { about, ...rest } = entry;
    const site = asked.site === undefined ? {} : { site: asked.site };
    const whole = {
      ...rest,
      by,
      ...(byKey !== undefined && { by_key: byKey }),
      outcome: 'done',
      subject: auditName(asked),
      about: { by: asked.by, ...site, ...about },
    } as NewAudit;
    return appendAudit({ folder: options.audit, writer: options.writer, signingKey: keys.signing, entry: whole });
  };

  /** Records the tombstone: all of its parts or none. */
  async function entomb({ ids, asked }: SubjectIds): Promise<readonly string[]> {
    const hashes = ids.map((id) => erasedHash(keys.receipts, id));
    const site = asked.site === undefined ? {} : { site: asked.site };
    const parts = Array.from({ length: Math.ceil(hashes.length / MAX_ERASED) }, (_, part) => ({
      kind: 'subject_erased' as const,
      hashes: hashes.slice(part * MAX_ERASED, (part + 1) * MAX_ERASED),
      ...site,
    }));
    try {
      const recorded = await appendControl({
        folder: options.control,
        writer: options.writer,
        decide: () => parts,
        now,
      });
      return recorded.map(({ id }) => id);
    } catch (cause) {
      throw new SubjectError('not_recorded', `nothing was erased: ${(cause as Error).message}`, { cause });
    }
  }

  async function seal(): Promise<void> {
    const { sealing } = options;
    const done = engine.sealDays(utcDay(now()));
    if (!sealing) return void (await done);
    const { waitMs, onFailed, timers = systemTimers } = sealing;
    await new Promise<void>((resolve) => {
      const callOff = timers.after(waitMs, resolve);
      void done
        .then(() => undefined, onFailed)
        .finally(() => {
          callOff();
          resolve();
        });
    });
  }

  return {
    findSubject: async (asked) => (await findKnown(asked)).found,
    async exportSubject(asked, { asker }) {
      const { found, records, state } = await findKnown(asked);
      const { rows, receipts } = found;
      const counts = { events: rows.events, failed: rows.failed, receipts };
      await audit(asked, asker, { action: 'subject_exported', counts });
      const retention = Object.fromEntries(found.sites.map((site) => [site, options.retentionOf(state, site)]));
      const exported: Exported = { found, records, state, retention, logDays: options.logDays, madeAt: iso(now()) };
      return exportParts(engine, exported);
    },
    async exportVisitor({ site, visitorId }) {
      await drain();
      const asked: AskedSubject = { by: 'visitor', value: visitorId, site };
      const ids = [{ kind: 'visitor', value: visitorId }] as const;
      const state = await readControl(options.control);
      const records = await ofSubject({ ids, asked, state, receipts: options.receipts, key: keys.receipts });
      const retention = { [site]: options.retentionOf(state, site) };
      const found = { asked, ids, notFollowed: [], sites: [site] };
      const whole = { found, records, state, retention, logDays: options.logDays, madeAt: iso(now()) };
      return exportParts(engine, { ...whole, shown: withoutCustomer });
    },
    async eraseSubject(asked, { asker, dryRun = false, evenIfUnknown = false }) {
      const { found, state } = await find(asked);
      const { ids, rows, receipts } = found;
      if (ids.length === 0 || (isUnknown(found) && !evenIfUnknown)) throw unknown(asked);
      const until = {
        logGoneBy: iso(now() + options.logDays * DAY_MS + LOG_MARGIN_MS),
        refusedUntil: iso(now() + tombstoneDays(state) * DAY_MS),
      };
      if (dryRun) return { ...found, ...until, isErased: false, erased: rows };
      const recorded = await entomb(found);
      const site = asked.site === undefined ? {} : { site: asked.site };
      const erasures = recorded.map((id, part) => {
        const some = ids.slice(part * MAX_ERASED, (part + 1) * MAX_ERASED);
        return { id, ids: some, hashes: some.map((each) => erasedHash(keys.receipts, each)), ...site };
      });
      // Whoever follows control records may have done it already: what went is what was found.
      await engine.eraseSubjects({ key: keys.receipts, erasures });
      const counts = { ...rows, ids: ids.length, receipts_kept: receipts, not_followed: found.notFollowed.length };
      await audit(asked, asker, { action: 'subject_erased', about: { log_gone_by: until.logGoneBy }, counts });
      // What arrived between is looked at as it is loaded; the sealed files are written anew, each whole or not at all.
      await seal();
      return { ...found, ...until, isErased: true, erased: rows, daysToSeal: await toSeal() };
    },
  };
}

type AuditPart = {
  readonly action: 'subject_exported' | 'subject_erased';
  readonly about?: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
};

const unknown = ({ by, site }: AskedSubject): SubjectError =>
  new SubjectError(
    'unknown_subject',
    `nothing is held under this ${by}${site === undefined ? '' : ` on site ${site}`}, and nothing was erased under it`,
  );

/** A row without the ids of customers: whoever uses the same browser may be somebody else. */
function withoutCustomer({ keys: _, ...row }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { item } = row;
  if (item === undefined) return row;
  const told = typeof item === 'string' ? parsed(item) : item;
  const { keys: __, ...rest } = Object(told) as Record<string, unknown>;
  return { ...row, item: rest };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
