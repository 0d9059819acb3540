import type { JudgedSite, Site } from './options.ts';
import type { KnownVisitor } from './visitor_cookie.ts';

/** Who sent a batch, as the request tells it. */
export type Sender<S extends JudgedSite = Site> = WebSender<S> | ServerSender<S>;

/** A browser or an app: the request is the visitor's own. */
export interface WebSender<S extends JudgedSite = Site> {
  readonly site: S;
  readonly source: 'web';
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** What a valid visitor cookie says. */
  readonly visitor: KnownVisitor | undefined;
  /** Whether the browser asks not to be followed (`Sec-GPC: 1`). */
  readonly gpc: boolean;
  /** Whether the visitor has objected to being measured without consent. */
  readonly objected: boolean;
  /** Ms that a visitor's id lives. */
  readonly lifeMs: number;
  /** Bytes of the body, decompressed. */
  readonly byteLength: number;
}

/** A shop's server, by its secret key: where it stands and what it calls itself says nothing of any visitor. */
export interface ServerSender<S extends JudgedSite = Site> {
  readonly site: S;
  readonly source: 'server';
  readonly byteLength: number;
}
