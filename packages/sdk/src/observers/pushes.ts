import { listenUntil } from '../scope.ts';
import { onLeaving } from './leaving.ts';
import type { ObserverContext } from './observer.ts';

/** A list that others push to: an array, or an object of some tool that has taken its place. */
interface Pushed {
  push: (this: unknown, ...entries: unknown[]) => unknown;
}

interface Heard {
  readonly heard: (entry: object) => void;
  readonly isMade: boolean;
}

/**
 * Tells each object that is or will be pushed to a list of the page by its name, `dataLayer`: what lies in it now, in
 * order, then every push as it is made, by a `push` of ours that hands on to the one before and gives back its answer.
 * At the signal the one before is put back, unless another has patched over ours: then ours stays and only hands on.
 *
 * A list that comes later, or in another's place, is found once the document is read and loaded; so is what was pushed past
 * us, late. Nothing that the page pushes, and no list that is none (text, frozen, a getter that throws), breaks anything: what
 * `heard` throws is lost. Gives what looks once more.
 *
 * @param isMade make the list where there is none, as every tool does that uses it
 */
export function listenToPushes(
  context: Pick<ObserverContext, 'scope' | 'signal'>,
  name: string,
  { heard, isMade }: Heard,
): () => void {
  const { scope, signal } = context;
  const page = scope as unknown as Record<string, unknown>;
  const listen = listenUntil(signal);
  const told = new WeakSet<object>();
  const patched = new WeakSet<object>();

  const tell = (entry: unknown): void => {
    if (Object(entry) !== entry) return;
    told.add(entry as object);
    try {
      heard(entry as object);
    } catch {
      // As if it had not been pushed.
    }
  };

  const patch = (list: Pushed): void => {
    const original = list.push;
    const isOwn = Object.hasOwn(list, 'push');
    const push: Pushed['push'] = function (...entries) {
      if (!signal.aborted) entries.forEach(tell);
      return original.apply(this, entries);
    };
    list.push = push;
    patched.add(list);
    signal.addEventListener('abort', () => {
      if (list.push !== push) return;
      if (isOwn) list.push = original;
      else Reflect.deleteProperty(list, 'push');
    });
  };

  const watch = (): void => {
    try {
      if (isMade) page[name] ??= [];
      const list = page[name] as Pushed;
      if (typeof list?.push !== 'function') return;
      if (Array.isArray(list)) for (const entry of [...list]) if (!told.has(entry)) tell(entry);
      if (!patched.has(list) && Object.isExtensible(list)) patch(list);
    } catch {
      // Looked at again next time.
    }
  };

  watch();
  listen(scope.document, 'DOMContentLoaded', watch);
  listen(scope, 'load', watch);
  return watch;
}

/** The same, and looks once more when the page is left: for what is counted, late is better than never. */
export function onPush(context: Pick<ObserverContext, 'scope' | 'signal'>, name: string, options: Heard): void {
  onLeaving(context, listenToPushes(context, name, options));
}
