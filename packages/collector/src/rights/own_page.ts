/**
 * Whether a form was sent by a page of this very origin. A page of the shop is not enough: any script on it could ask in the
 * visitor's name. Browsers from before `Sec-Fetch-Site` (Safari 16.4) are judged by `Origin`, which a proxy that changes the
 * host makes useless: then they are refused.
 *
 * @param host the host that was asked, with its port
 */
export function isFromOwnPage(header: (name: string) => string | undefined, host: string): boolean {
  const site = header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = header('origin');
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
