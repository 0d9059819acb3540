/** How far a log has been read: everything before the offset of the segment, and every earlier segment. */
export interface Position {
  /** The log folder's name, such as `collector-0`. */
  readonly log: string;
  readonly segment: number;
  readonly offset: number;
}
