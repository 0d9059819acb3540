/** The README of an export: the format in words, and how to verify it without us. */
export const EXPORT_GUIDE = `# Consent receipts

An export of the proof of every consent that was given or taken back on this installation. It can be verified without the
program that made it.

- \`receipts/<writer>.ndjson\`: one JSON object a line, in the order in which that writer appended them.
- \`public_key.pem\`: the Ed25519 key whose private half signed them; \`heads.json\` has it as text too.
- \`heads.json\`: of each writer its file, the number of its receipts, and its head, the hash of its last record;
  and \`cut\`, where receipts have gone by age: how many in all (\`total\`), up to when (\`through\`), signed as a receipt is.
- \`policies.ndjson\`: every consent policy that was in force: { version, hash, published_at, policy }. A receipt names one by its
  \`policy_hash\`.
- \`verify.mjs\`: a program of one page that verifies all of it.

## A receipt

\`receipt_id\`; \`site\`; \`subject\` (keyed hash of site and visitor, never an id, an address or a user agent); \`action\`, \`grant\` or
\`withdraw\`; \`purposes\` (granted and denied; of a withdrawal, denied is what was taken back); \`legal_basis\` by purpose; \`source\`,
\`source_version\` and \`consent_string\`: the consent manager and its own words; \`notice_hash\` and \`language\` of the notice; \`sdk\`
and \`sdk_hash\` (SHA-384) of the browser script; \`policy_hash\` and \`policy_version\`; \`country\`; \`gpc\` (Global Privacy Control);
\`chosen_at\` by the visitor's clock; \`received_at\`; \`expires_at\`. Fields follow Kantara Consent Receipt 1.1 and ISO/IEC TS 27560.

## The proof

1. The hash of a record is the SHA-256 of its canonical JSON (RFC 8785) without \`signature\`.
2. \`signature\` is the Ed25519 signature of the 32 bytes of that hash, in base64url.
3. \`previous\` is the hash of the record before, in base64url; null in the first, or the \`head\` of the
   cut. So none can be taken out, put in or moved. Where a disk failed, a record may name an earlier one: those between were never
   acknowledged.
4. \`head\` is the hash of the last record. Keep \`heads.json\` where nobody of the installation can write: it shows later whether
   the end of a chain was cut off.

Verify everything:

\`\`\`sh
node verify.mjs
\`\`\`

Verify one receipt (here the first of a file) with openssl and jq alone:

\`\`\`sh
sed -n 1p receipts/collector-0.ndjson > receipt.json
jq -cjS 'del(.signature)' receipt.json | openssl dgst -sha256 -binary > hash.bin
jq -j '.signature | gsub("-";"+") | gsub("_";"/") + "=="' receipt.json | openssl base64 -d -A > signature.bin
openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in hash.bin -sigfile signature.bin
\`\`\`
`;
