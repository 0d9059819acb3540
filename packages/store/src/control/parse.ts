import { isKnownKind } from './fold.ts';
import { type Fields, firstFault, textFault, timeFault } from './kind.ts';
import { KINDS } from './kinds/index.ts';
import type { ControlRecord } from './record.ts';

/** What is wrong with a control record, in words; undefined where nothing is. A kind not known here is checked in its common part. */
export function controlFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a control record must be an object';
  const fields = value as Fields;
  const fault = firstFault(
    fields.v === 1 ? undefined : 'v must be 1',
    textFault(fields, 'kind'),
    textFault(fields, 'id'),
    timeFault(fields, 'at'),
  );
  if (fault !== undefined) return fault;
  const kind = fields.kind as string;
  const own = isKnownKind(kind) ? KINDS[kind].fault(fields) : undefined;
  return own && `${kind}: ${own}`;
}

/** A record from its JSON, or what is wrong with it. */
export function parseControl(json: Uint8Array): ControlRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString());
  } catch {
    return 'a control record must be JSON';
  }
  return controlFault(value) ?? (value as ControlRecord);
}
