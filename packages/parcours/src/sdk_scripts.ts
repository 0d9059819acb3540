import { readSdkScripts as readFrom, type Script } from '@parcours/collector';

export { isScript } from '@parcours/collector';

/** Every script for a tag of the browser package that is installed beside this program. */
export const readSdkScripts = (): Promise<readonly Script[]> => readFrom(import.meta.url);
