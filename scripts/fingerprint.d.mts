/** One text for the names and contents of files: the same as long as none came, went or changed. */
export function fingerprint(root: string, isMeant: (path: string) => boolean): string;
