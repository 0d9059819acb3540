import { execFile } from 'node:child_process';

/** Whether the system says that its clock is kept right; undefined where there is no systemd to ask, or it does not know. */
export const clockSynchronised = (): Promise<boolean | undefined> =>
  new Promise((resolve) => {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    execFile('timedatectl', args, { timeout: 2_000 }, (error, stdout) => {
      const said = { yes: true, no: false }[stdout?.trim() ?? ''];
      resolve(error ? undefined : said);
    });
  });
