/** Keeps the last few of many by a time: memory for those few alone. */
export function createNewest<T>(limit: number, timeOf: (item: T) => number) {
  let items: T[] = [];
  const cut = (): void => {
    items = items.sort((a, b) => timeOf(b) - timeOf(a)).slice(0, limit);
  };
  return {
    add(item: T): void {
      items.push(item);
      if (items.length >= limit * 2 + 100) cut();
    },
    /** The newest first. */
    all(): readonly T[] {
      cut();
      return items;
    },
  };
}
