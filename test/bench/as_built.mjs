import { register } from 'node:module';

/**
 * Packages find each other's sources by their manifests, which Node cannot run: whoever imports this before them finds what was built.
 * For a process of its own: `node --import <address of this file>`.
 */
register('./built_packages.mjs', import.meta.url);
