import { createHash } from 'node:crypto';

/** The page's own style, small enough to stand in it: known to the policy by its hash. */
export const SHEET = `
  :root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif; --line: #8886; --strong: light-dark(#14532d, #9be0b4); --danger: light-dark(#9b1c12, #ffa198); }
  html { background: light-dark(#fff, #141614); color: light-dark(#1c1e1c, #ececea); }
  body { max-width: 40rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
  header { display: flex; justify-content: flex-end; padding-block: .5rem; }
  h1 { font-size: 1.7rem; line-height: 1.25; margin-block: .5rem 1rem; }
  h2 { font-size: 1.2rem; margin-block: 0 .25rem; }
  section { border-top: 1px solid var(--line); padding-block: 1.25rem; }
  section > :last-child { margin-bottom: 0; }
  .state { border-inline-start: .3rem solid var(--strong); padding: .5rem .9rem; margin-block: 1.25rem; }
  .state.failed { border-color: var(--danger); }
  .state > p { margin: 0; }
  button { font: inherit; font-weight: 600; padding: .55rem 1rem; min-height: 2.75rem; border: 2px solid currentColor; border-radius: .4rem; background: transparent; color: var(--strong); cursor: pointer; }
  button.danger { color: var(--danger); }
  label { display: flex; gap: .6rem; align-items: flex-start; margin-block: 1rem; }
  input { width: 1.2rem; height: 1.2rem; margin-top: .25rem; flex: none; }
  .act { display: inline-block; padding-block: .55rem; }
  a { color: inherit; }
  :focus-visible { outline: 3px solid light-dark(#1d4ed8, #93c5fd); outline-offset: 2px; }
`;

/** Headers of every page: it loads nothing, runs nothing, stands in no frame, and sends its forms here alone. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(SHEET).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // With none a browser would send its forms without an origin.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;
