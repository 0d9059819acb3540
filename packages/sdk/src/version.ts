/** The version that each batch names. A test holds it to package.json. */
export const VERSION = '0.1.0';
