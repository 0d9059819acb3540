/** Why a whole request is refused: the `error.code` of an answer that is not 200, with its HTTP status. */
export const REQUEST = {
  bad_json: { status: 400, text: 'the body is not JSON in UTF-8' },
  bad_encoding: { status: 400, text: 'the compressed body cannot be decoded' },
  bad_batch: { status: 400, text: 'the batch does not have the shape of the protocol' },
  unknown_site: { status: 401, text: 'no such site' },
  unknown_key: { status: 401, text: 'the key does not belong to this site' },
  unknown_secret: { status: 401, text: 'the Authorization header holds no secret key of this site' },
  secret_misplaced: { status: 401, text: 'a secret key belongs in the Authorization header, never in the body' },
  not_proven: { status: 401, text: 'neither the signed cookie nor a receipt proves who asks' },
  origin_not_allowed: { status: 401, text: 'this origin may not send for this site' },
  secret_exposed: { status: 403, text: 'a page sent a secret key: whoever saw the page has it, so replace it' },
  not_for_pages: { status: 403, text: 'pages of this site may not ask for this: its settings do not name it' },
  not_found: { status: 404, text: 'no such address' },
  method_not_allowed: { status: 405, text: 'this address does not take this method' },
  body_timeout: { status: 408, text: 'the body did not arrive in time' },
  body_too_large: { status: 413, text: 'the body is over the limit' },
  too_many_events: { status: 413, text: 'the batch has more events than the limit' },
  unsupported_type: { status: 415, text: 'the content type must be text/plain or application/json' },
  unsupported_encoding: { status: 415, text: 'the content encoding must be gzip or none' },
  rate_limited: { status: 429, text: 'too many requests' },
  internal: { status: 500, text: 'the collector failed' },
  overloaded: { status: 503, text: 'the collector has as much in hand as it may hold' },
  store_unavailable: { status: 503, text: 'the log cannot be written' },
  tables_unavailable: { status: 503, text: 'the tables cannot be read now' },
} as const;

/** Why the private listener refuses a request: the `error.code` of its answer, with its HTTP status. */
export const CONSOLE = {
  bad_request: { status: 400, text: 'the request does not have the shape that is asked for' },
  bad_id: { status: 400, text: 'the id does not have the form of its kind' },
  not_a_select: { status: 400, text: 'the query is not one SELECT' },
  forbidden: { status: 400, text: 'the query touches what it may not' },
  invalid: { status: 400, text: 'the query cannot be run' },
  timeout: { status: 400, text: 'the query took too long' },
  out_of_memory: { status: 400, text: 'the query needs more memory than there is' },
  unauthorised: { status: 401, text: 'the console secret is missing or wrong, or the session has ended' },
  host_not_allowed: { status: 403, text: 'this host name is not served here' },
  role_not_allowed: { status: 403, text: 'the role may not ask this' },
  cross_site: { status: 403, text: 'the request comes from another site' },
  not_found: { status: 404, text: 'there is no such address' },
  unknown_subject: { status: 404, text: 'nothing is held under this id' },
  too_many_ids: { status: 409, text: 'the id leads to too many others to name one person' },
  busy: { status: 409, text: 'another export or snapshot is being made' },
  body_too_large: { status: 413, text: 'the body is over the limit' },
  internal: { status: 500, text: 'the reader failed' },
  not_recorded: { status: 500, text: 'what was decided could not be recorded' },
  no_space: { status: 507, text: 'there is not enough room on the disk' },
  not_ahead: { status: 503, text: 'a sign-in link is not fetched ahead' },
} as const;

/** Why one event failed: it is kept, with its path, for repair. */
export const FAILED = {
  not_an_object: 'an event must be an object',
  event_too_large: 'the event is over the size limit',
  too_deep: 'the event is nested deeper than the limit',
  too_many_keys: 'an object or array of the event has more keys than the limit',
  forbidden_key: 'the key is reserved',
  number_out_of_range: 'the number is out of range',
  invalid_field: 'a field is missing or has the wrong type or form',
  unreadable: 'the tables could not take it',
  too_old: 'the event is dated further back than its key may write',
} as const;

/** Why one event was left out, uncounted in any report and stored nowhere. */
export const FILTERED = {
  consent_missing: 'the event carries no consent stamp',
  consent_malformed: 'the consent stamp cannot be read',
  consent_expired: 'the choice is older than it may stand',
  consent_denied: 'the purpose was not granted',
  consent_forged: 'the receipt is not of this choice, visitor and site',
  consent_withdrawn: 'the visitor took the choice back',
  subject_erased: 'the person was erased, and nothing more of them is taken',
  policy_unknown: 'the policy that the stamp names was never in force for this site',
  event_not_allowed: 'the policy takes no events of this type',
  exempt_not_alone: 'what is told without consent comes in a batch of its own, which names nobody',
  objected: 'the visitor objected to being measured without consent',
} as const;

/** Why the browser let an event go for technical reasons: reported as counts with the next batch. */
export const DROPPED = {
  hold_full: 'more was held before the choice than the memory may hold',
  queue_full: 'the queue was full and this was the oldest',
  queue_expired: 'the event waited longer than the queue keeps',
  too_large: 'the event is over the size limit',
  not_serialisable: 'the properties cannot be written as JSON',
  refused: 'the collector refused the request for good',
  before_send: 'beforeSend let it go or threw',
  failed: 'the collector answered that the event failed',
} as const;

export type RequestCode = keyof typeof REQUEST;
export type ConsoleCode = keyof typeof CONSOLE;
export type FailedCode = keyof typeof FAILED;
export type FilteredCode = keyof typeof FILTERED;
export type DropCode = keyof typeof DROPPED;
