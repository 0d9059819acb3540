import type { KindName } from '../control/kinds/index.ts';
import type { TableName } from '../tables/tables.ts';

/** What becomes of one place where data rests when somebody's is exported and erased. */
export type PersonData =
  /** In the export, and gone after an erasure. */
  | 'exported, erased'
  /** In the export; stays, for the reason given. */
  | { readonly exported: true; readonly stays: string }
  /** Nothing of a person is in it. */
  | { readonly nobody: string };

/**
 * Every table and every kind of control record, with what becomes of it: whoever adds one decides here, or it does not compile.
 */
export const TABLE_DATA: Readonly<Record<TableName, PersonData>> = {
  events: 'exported, erased',
  failed: 'exported, erased',
  filtered: { nobody: 'counts by reason' },
  dropped: { nobody: 'counts by reason' },
  exempt: { nobody: 'told without consent: no id is in it, and a mark of a day that cannot be made again' },
  positions: { nobody: 'how far logs are loaded' },
  sealed_days: { nobody: 'counts by day' },
  erasures: { nobody: 'ids of control records' },
};

export const CONTROL_DATA: Readonly<Record<KindName, PersonData>> = {
  site_added: { nobody: 'settings' },
  site_removed: { nobody: 'settings' },
  key_created: { nobody: 'keys of the shop' },
  key_revoked: { nobody: 'keys of the shop' },
  key_expires: { nobody: 'keys of the shop' },
  failures_settled: { nobody: 'hashes of failed items' },
  failures_purged: { nobody: 'times and codes' },
  consent_withdrawn: { exported: true, stays: 'keyed hash; by it what was chosen before stays refused' },
  policy_published: { nobody: 'rules' },
  subject_erased: {
    exported: true,
    stays: 'keyed hashes; by them the person stays erased, for as long as anything could bring them back',
  },
};

/** What rests beside tables and control records, by its folder in the data folder. */
export const FOLDER_DATA: Readonly<Record<string, PersonData>> = {
  log: { exported: true, stays: 'for log_days; loaded before anybody is looked for, and left out at every load after' },
  receipts: {
    exported: true,
    stays: 'keyed hash; the proof of consent (GDPR 7(1), 17(3)), for receipts_days after its end',
  },
  audit: { nobody: 'keyed hash that is of no use anywhere else' },
  store: 'exported, erased',
  scripts: { nobody: 'browser scripts' },
};
