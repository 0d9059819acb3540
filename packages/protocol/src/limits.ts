/**
 * The limits of the wire, the same in the browser and in the collector.
 * Sources: Segment's 32 KB an event and 500 KB a batch, Mixpanel's 255 keys; depth as in PostHog's and Mixpanel's capture.
 */
export const LIMITS = {
  /** Bytes of one event as JSON in UTF-8. */
  eventBytes: 32 * 1024,
  /** Events in one batch. */
  batchEvents: 500,
  /** Bytes of one batch, after decompression. */
  batchBytes: 512 * 1024,
  /** Consent stamps in one batch. */
  batchStamps: 100,
  /** Purposes granted, or denied, in one stamp. */
  stampPurposes: 32,
  /** Characters of a text in a stamp: a source's name, a hash, a language. */
  stampChars: 200,
  /** Characters of a consent string, such as a TC string: those of large vendor lists have some 2,000. */
  consentStringChars: 8_192,
  /** Levels of nesting in one event: the event itself is level 1. */
  depth: 8,
  /** Object keys and array items in one object or array of an event. */
  keys: 255,
  /** Characters of a custom event's name. */
  typeChars: 64,
  /** Characters of a URL. */
  urlChars: 4096,
  /** Days for which a choice stands before it must be asked again (CNIL: about six months). */
  choiceDays: 182,
  /** Days that an event may spend in a browser's queue. */
  queueDays: 7,
  /** Days back that a public key may date an event. */
  backdateDays: 8,
  /** Milliseconds of clock skew that are left alone; larger skew is corrected. */
  skewMs: 5_000,
  /** Milliseconds ahead of the collector that a corrected event may lie before it is set to the time of receipt. */
  futureMs: 5 * 60_000,
} as const;
