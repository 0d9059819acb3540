/** What is wrong with a value that should be a receipt, in words; undefined where nothing is. Fields that are not known pass. */
export function receiptFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a receipt must be an object';
  const fields = value as Readonly<Record<string, unknown>>;
  if (fields.v !== 1 || fields.kind !== 'receipt') return 'v must be 1 and kind "receipt"';
  if (fields.action !== 'grant' && fields.action !== 'withdraw') return 'action must be "grant" or "withdraw"';
  for (const name of TEXTS) if (typeof fields[name] !== 'string') return `${name} must be a text`;
  for (const name of TIMES) {
    if (fields[name] !== undefined && Number.isNaN(Date.parse(String(fields[name])))) return `${name} must be a time`;
  }
  if (!Number.isSafeInteger(fields.seq)) return 'seq must be a whole number';
  if (fields.previous !== null && typeof fields.previous !== 'string') return 'previous must be a text or null';
  const { granted, denied } = (fields.purposes ?? {}) as Readonly<Record<string, unknown>>;
  return isTexts(granted) && isTexts(denied) ? undefined : 'purposes must have the lists granted and denied';
}

const TEXTS = ['receipt_id', 'site', 'subject', 'source', 'chosen_at', 'received_at', 'signature'] as const;
const TIMES = ['received_at', 'chosen_at', 'expires_at'] as const;

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
