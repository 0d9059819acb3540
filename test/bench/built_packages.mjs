const PACKAGE = /^@parcours\/([a-z]+)(?:\/([a-z]+))?$/;

/** Hook of Node's module loader: a package of ours is what `npm run build` has made of it. */
export function resolve(specifier, context, next) {
  const [, name, entry = 'index'] = PACKAGE.exec(specifier) ?? [];
  return next(name ? new URL(`../../packages/${name}/dist/${entry}.js`, import.meta.url).href : specifier, context);
}
