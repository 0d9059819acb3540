const HERE = 'http://console.invalid';

/** Where to go after the sign-in: an address of the console, whatever was asked for; else its front page. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || !URL.canParse(next, HERE)) return '/';
  const { origin, pathname, search } = new URL(next, HERE);
  // Dots are resolved by now: what begins with two slashes names another host.
  if (origin !== HERE || pathname.startsWith('//') || /^\/(login|logout)\b/.test(pathname)) return '/';
  return pathname + search;
}
