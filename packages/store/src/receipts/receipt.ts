/** Granted, or taken back. */
export type ReceiptAction = 'grant' | 'withdraw';

/**
 * One choice of one visitor as a collector received it: the proof that whoever collects must be able to show (GDPR 7(1)).
 * Version 1 only grows; names are snake_case; a field that is not known is absent. Neither address nor user agent is in it.
 *
 * Which field is which in the standards (Kantara Consent Receipt 1.1, then ISO/IEC TS 27560):
 *
 * | here                        | Kantara CR 1.1                       | ISO/IEC TS 27560                    |
 * | --------------------------- | ------------------------------------ | ----------------------------------- |
 * | `v`                         | version                              | schema_version                      |
 * | `receipt_id`                | consentReceiptID                     | record_id                           |
 * | `subject`                   | piiPrincipalId                       | pii_principal_id                    |
 * | `site`                      | services.service                     | services                            |
 * | `action`                    | (one receipt, one consent)           | event_type                          |
 * | `purposes`                  | purposes.purpose                     | purposes, event_state               |
 * | `legal_basis`               | purposes.consentType                 | lawful_basis                        |
 * | `source`, `source_version`  | collectionMethod                     | collection_method                   |
 * | `consent_string`            | (extension)                          | consent as the source wrote it      |
 * | `notice_hash`, `language`   | policyUrl, language                  | privacy_notice, language            |
 * | `policy_hash`, `_version`   | piiControllers, purposes (by hash)   | purposes, retention_period (by hash)|
 * | `country`                   | jurisdiction                         | jurisdiction                        |
 * | `chosen_at`, `received_at`  | consentTimestamp                     | event_time                          |
 * | `expires_at`                | purposes.termination                 | validity_duration                   |
 * | public key of `signature`   | publicKey                            | entity_id                           |
 */
export interface Receipt {
  readonly v: 1;
  readonly kind: 'receipt';
  /** `receiptIdOf`: 16 bytes in base64url. */
  readonly receipt_id: string;
  readonly site: string;
  /** `subjectOf`: a keyed hash, never the visitor's id. */
  readonly subject: string;
  readonly action: ReceiptAction;
  /** Of a withdrawal: `denied` is what was taken back. */
  readonly purposes: { readonly granted: readonly string[]; readonly denied: readonly string[] };
  /** Legal basis by purpose, as the policy had it. */
  readonly legal_basis?: Readonly<Record<string, string>>;
  /** The consent source that told of the choice, such as `tcf`, and its version. */
  readonly source: string;
  readonly source_version?: string;
  /** The choice in the source's own words, such as a TC string. */
  readonly consent_string?: string;
  /** Hash of the notice that the visitor read, as the site states it. */
  readonly notice_hash?: string;
  /** Version of what sent the choice, and SHA-384 of the browser script of that version, `sha384-…`. */
  readonly sdk?: string;
  readonly sdk_hash?: string;
  readonly policy_hash?: string;
  readonly policy_version?: string;
  /** BCP 47. */
  readonly language?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** Whether the request carried `Sec-GPC: 1`. */
  readonly gpc: boolean;
  /** When the visitor chose, by the sender's clock. RFC 3339, as it was sent: the id is made from this text. */
  readonly chosen_at: string;
  /** UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. */
  readonly received_at: string;
  /** When the choice must be asked for again; absent where it does not end, as a withdrawal. */
  readonly expires_at?: string;
  /** Counts its writer's tries to write a record: rises along the chain, and no two records share one. */
  readonly seq: number;
  /** Hash of the record before this one in its writer's chain; null in the first. */
  readonly previous: string | null;
  /** Ed25519 over the 32 bytes of the record's hash, base64url. */
  readonly signature: string;
}

/** A receipt as whoever receives a choice states it. */
export type NewReceipt = Omit<Receipt, 'v' | 'kind' | 'seq' | 'previous' | 'signature'>;
