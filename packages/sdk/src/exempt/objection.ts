import type { Scope } from '../scope.ts';

/** Days for which an objection is kept: 13 months, as long as an id could be. Source: CNIL délib. 2020-092, art. 5. */
const OBJECTION_DAYS = 395;

const DAY_MS = 86_400_000;

/** The mark of a visitor who objected to being measured without consent: no id, and the same for everybody. */
export interface Objection {
  /** Whether it is there. Where storage is blocked it cannot be kept, and counts as there. */
  isThere(): boolean;
  write(): void;
  remove(): void;
}

/** As a cookie, which the collector sets too where it can, and in local storage, in case cookies are emptied. */
export function createObjection(site: string, scope: Pick<Scope, 'document' | 'localStorage' | 'location'>): Objection {
  const name = `pc_objection_${site}`;
  const secure = scope.location?.protocol === 'https:' ? '; secure' : '';
  const setCookie = (value: string): void => {
    if (scope.document) scope.document.cookie = `${name}=${value}; path=/; samesite=lax${secure}`;
  };
  return {
    isThere() {
      try {
        if (scope.document!.cookie.split(/; */).includes(`${name}=1`)) return true;
        return Number(scope.localStorage!.getItem(name)) > Date.now();
      } catch {
        return true;
      }
    },
    write() {
      try {
        setCookie(`1; max-age=${(OBJECTION_DAYS * DAY_MS) / 1_000}`);
        scope.localStorage?.setItem(name, `${Date.now() + OBJECTION_DAYS * DAY_MS}`);
      } catch {
        // Blocked storage is an objection by itself.
      }
    },
    remove() {
      try {
        setCookie('; max-age=0');
        scope.localStorage?.removeItem(name);
      } catch {
        // As above.
      }
    },
  };
}
