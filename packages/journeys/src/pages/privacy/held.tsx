import { Notice } from '../parts/notice.tsx';
import { Scroll } from '../parts/scroll.tsx';
import type { PrivacyView } from './view.ts';

const NAMES = {
  events: 'events',
  exempt: 'exemptRows',
  failed: 'failedRows',
  counts: 'counts',
  log: 'log',
  receipts: 'receipts',
  tombstones: 'tombstones',
  audit: 'auditLog',
} as const;

/** What there is of people, how old it is, and what the last run of retention took. */
export const Held = ({ text, numbers, figures, retention, keptFor, now }: PrivacyView) => {
  const days = (n: number): string => text.days.replace('{n}', numbers.whole(n));
  const age = (oldest: string) => <time datetime={oldest}>{numbers.duration(now - Date.parse(oldest))}</time>;
  const files = retention?.files ?? [];
  return (
    <section class="card">
      <h2 id="held-title">{text.held}</h2>
      <p class="hint">{text.heldNote}</p>
      {figures === undefined ? (
        <Notice kind="warn">{text.figuresMissing}</Notice>
      ) : figures.held.length === 0 && files.length === 0 ? (
        <p class="empty">{text.noHeld}</p>
      ) : (
        <Scroll id="held-scroll" label={text.held}>
          <table class="held">
            <thead>
              <tr>
                {[text.site, text.class, text.rows, text.oldest, text.limit].map((column) => (
                  <th scope="col">{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.held.map((row) => (
                <tr>
                  <th scope="row">{row.site}</th>
                  <td>{text[NAMES[row.class]]}</td>
                  <td>{numbers.whole(row.rows)}</td>
                  <td>{age(row.oldest)}</td>
                  <td>{days(keptFor(row.site)[row.class])}</td>
                </tr>
              ))}
              {files.map((file) => (
                <tr>
                  <td />
                  <td>{text[NAMES[file.class]]}</td>
                  <td />
                  <td>{file.oldest !== undefined && age(file.oldest)}</td>
                  <td>{days(file.days)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {figures !== undefined && figures.daysToSeal > 0 && (
        <p id="to-seal">{text.toSeal.replace('{n}', numbers.whole(figures.daysToSeal))}</p>
      )}
      <h3>{text.retention}</h3>
      <p id="retention">{retention ? ran(text, numbers, retention) : text.retentionNever}</p>
    </section>
  );
};

const ran = (
  text: PrivacyView['text'],
  numbers: PrivacyView['numbers'],
  { at, rows, files }: NonNullable<PrivacyView['retention']>,
): string => {
  const removed = (of: readonly { readonly removed: number }[]): string =>
    numbers.whole(of.reduce((sum, { removed }) => sum + removed, 0));
  return text.retentionRan
    .replace('{at}', numbers.moment(Date.parse(at)))
    .replace('{n}', removed(rows))
    .replace('{files}', removed(files));
};
