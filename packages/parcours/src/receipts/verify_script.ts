/**
 * What an export brings along for whoever verifies it: a program of Node alone, short enough to be read before it is run. It
 * shares no code with us on purpose.
 */
export const VERIFY_SCRIPT = `// Verifies an export of consent receipts: node verify.mjs [folder]. Needs Node 18 or later and nothing else.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url));
const heads = JSON.parse(readFileSync(join(folder, 'heads.json'), 'utf8'));
const key = createPublicKey(readFileSync(join(folder, 'public_key.pem')));

// Canonical JSON (RFC 8785): no spaces, keys in order. Records hold texts, lists, true, false, null and whole numbers only.
const canonical = (value) =>
  Array.isArray(value)
    ? '[' + value.map(canonical).join(',') + ']'
    : value !== null && typeof value === 'object'
      ? '{' + Object.keys(value).sort().map((name) => JSON.stringify(name) + ':' + canonical(value[name])).join(',') + '}'
      : JSON.stringify(value);

let faults = 0;
let receipts = 0;
const fault = (place, text) => {
  faults += 1;
  console.log('NOT AS IT WAS WRITTEN: ' + place + ': ' + text);
};

// A record's hash, and whether the key signed it as it is.
const judged = ({ signature, ...record }) => {
  const digest = createHash('sha256').update(canonical(record)).digest();
  const bytes = Buffer.from(signature, 'base64url');
  const isRight = bytes.toString('base64url') === signature && verify(null, digest, key, bytes);
  return { hash: digest.toString('base64url'), isRight };
};

for (const [writer, { file, head, cut }] of Object.entries(heads.writers)) {
  // Where age took the beginning, a signed record says so, and the chain goes on from there.
  if (cut && !judged(cut).isRight) fault('heads.json', 'what it says age took from ' + writer + ' is not signed by the key');
  else if (cut) console.log(cut.total + ' receipts of ' + writer + ' up to ' + cut.through + ' were taken by age.');
  const begin = cut ? cut.head : null;
  const seen = new Set([begin]);
  let last = begin;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(join(folder, file)), crlfDelay: Infinity })) {
    line += 1;
    const place = file + ' line ' + line;
    let hash;
    try {
      const record = JSON.parse(text);
      const { isRight, ...found } = judged(record);
      hash = found.hash;
      if (!isRight) fault(place, 'the signature is not that of the key');
      else {
        receipts += 1;
        // A record may name an earlier one than the line before: the lines between were never acknowledged.
        if (seen.has(hash)) fault(place, 'the record stands twice');
        else if (last !== undefined && record.previous !== last && !seen.has(record.previous))
          fault(place, 'the record before it is missing or moved');
        seen.add(hash);
        last = hash;
        continue;
      }
    } catch {
      fault(place, 'the line is no receipt');
    }
    // What follows a record that cannot be trusted is taken at its word, so that one altered byte is one fault.
    last = undefined;
  }
  if (!seen.has(head)) fault(file, 'the chain of ' + writer + ' ends before its head');
}
console.log(faults === 0 ? 'All ' + receipts + ' receipts are as they were written.' : faults + ' faults.');
process.exitCode = faults === 0 ? 0 : 1;
`;
