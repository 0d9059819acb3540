/** Which ids of a batch are to be stored. */
export interface SeenIds {
  /** Whether what is new will be stored: it is not where a batch is only judged. */
  readonly isStored: boolean;
  /** Whether the id is new, and taken from now on. */
  take(id: string): boolean;
  /** The id taken last will not be stored after all. */
  giveBack(): void;
}

/** A batch alone, where nothing is stored. */
export function seenHere(): SeenIds {
  const taken = new Set<string>();
  let last = '';
  return {
    isStored: false,
    take(id) {
      last = id.toLowerCase();
      if (taken.has(last)) return false;
      taken.add(last);
      return true;
    },
    giveBack: () => void taken.delete(last),
  };
}
