import type { SubjectKind } from '../control/subject_ids.ts';
import type { DayTable } from './tables.ts';

/** Where a table tells an id: a column, or a field of a JSON column by its path. */
export interface IdColumn {
  readonly kind: SubjectKind;
  readonly column: string;
  readonly path?: string;
}

/**
 * Where the tables name people, column by column: what finds, exports and erases somebody's rows. A table without a line
 * names nobody. A new column that names a person is its line here.
 */
export const ID_COLUMNS: Readonly<Record<DayTable, readonly IdColumn[]>> = {
  events: [
    { kind: 'visitor', column: 'visitor_id' },
    { kind: 'visitor', column: 'client_visitor_id' },
    { kind: 'customer_id', column: 'keys', path: '$.customer_id' },
    { kind: 'loyalty_card', column: 'keys', path: '$.loyalty_card' },
    { kind: 'email', column: 'keys', path: '$.email_hmac' },
    { kind: 'phone', column: 'keys', path: '$.phone_hmac' },
    { kind: 'order_id', column: 'order_id' },
    { kind: 'session', column: 'session_id' },
  ],
  failed: [
    { kind: 'visitor', column: 'item', path: '$.visitor_id' },
    { kind: 'customer_id', column: 'item', path: '$.keys.customer_id' },
    { kind: 'loyalty_card', column: 'item', path: '$.keys.loyalty_card' },
    { kind: 'email', column: 'item', path: '$.keys.email_hmac' },
    { kind: 'phone', column: 'item', path: '$.keys.phone_hmac' },
    { kind: 'order_id', column: 'item', path: '$.keys.order_id' },
    { kind: 'order_id', column: 'item', path: '$.props.transaction_id' },
    { kind: 'session', column: 'item', path: '$.session_id' },
  ],
  // Counts.
  filtered: [],
  dropped: [],
  // Told without consent: there is no id in it, and none can be made of it after two days.
  exempt: [],
};

/** The tables that name people. */
export const NAMING_TABLES = ['events', 'failed'] as const satisfies readonly DayTable[];
export type NamingTable = (typeof NAMING_TABLES)[number];
