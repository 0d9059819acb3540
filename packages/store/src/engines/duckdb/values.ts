import {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api';

/**
 * A value as JSON can hold it: integers as numbers where those are exact, else as text; decimals likewise; times as
 * RFC 3339 in UTC; NaN and infinities as text; JSON columns as the text they are; lists and structs by their parts.
 */
export function jsonSafe(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return exact(value);
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonSafe);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, part]) => [key, jsonSafe(part)]));
  if (value instanceof DuckDBMapValue)
    return value.entries.map((entry) => ({ key: jsonSafe(entry.key), value: jsonSafe(entry.value) }));
  if (value instanceof DuckDBUnionValue || value instanceof DuckDBVariantValue) return jsonSafe(value.value);
  const micros = microsOf(value);
  return micros === undefined ? String(value) : rfc3339(micros, String(value));
}

const exact = (value: bigint): number | string =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);

function decimal(value: DuckDBDecimalValue): number | string {
  const text = String(value);
  // Fifteen significant digits are the most that a double always gives back.
  return text.replace(/[-.]|^-?0\.0*/g, '').length <= 15 ? Number(text) : text;
}

function microsOf(value: DuckDBValue): bigint | undefined {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1000n;
  return undefined;
}

const MAX_DATE_MS = 8_640_000_000_000_000n;

/** To the millisecond as all our times are, to the microsecond where a query made one. Infinity stays its own word. */
function rfc3339(micros: bigint, fallback: string): string {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const ms = (micros - rest) / 1000n;
  if (ms > MAX_DATE_MS || ms < -MAX_DATE_MS) return fallback;
  const text = new Date(Number(ms)).toISOString();
  return rest === 0n ? text : text.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}

/** A column's type as SQL writes it. */
export const typeName = (type: DuckDBType): string => type.alias ?? type.toString();

/** Roughly the bytes of a row as JSON. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part), 2);
  if (typeof value === 'object' && value !== null) return sizeOf(Object.values(value)) + sizeOf(Object.keys(value));
  return 8;
}
