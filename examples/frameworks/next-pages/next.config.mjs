import { fileURLToPath } from 'node:url';

/** The folder that holds all packages: these apps share one workspace. */
const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {import('next').NextConfig} */
export default { reactStrictMode: true, turbopack: { root } };
