import type { Outcome } from '../../overview/figures.ts';
import type { Language } from '../language.ts';
import { reasonText } from '../reason_text.ts';
import type { Numbers } from './numbers.ts';
import { Pill } from './pill.tsx';
import { Scroll } from './scroll.tsx';

const TONE = { failed: 'bad', filtered: 'warn', dropped: 'plain' } as const satisfies Record<Outcome, string>;

/** Reasons with how often each was met, every code in plain words. */
export const ReasonsTable = ({
  id,
  label,
  columns,
  outcomes,
  language,
  numbers,
  reasons,
}: {
  readonly id: string;
  readonly label: string;
  /** Outcome, reason, what it means, how many. */
  readonly columns: readonly [string, string, string, string];
  readonly outcomes: Readonly<Partial<Record<Outcome, string>>>;
  readonly language: Language;
  readonly numbers: Numbers;
  readonly reasons: readonly { readonly outcome: Outcome; readonly code: string; readonly count: number }[];
}) => (
  <Scroll id={id} label={label}>
    <table class="reasons">
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ outcome, code, count }) => (
          <tr>
            <td>
              <Pill tone={TONE[outcome]}>{outcomes[outcome]}</Pill>
            </td>
            <td>
              <code>{code}</code>
            </td>
            <td>{(reasonText[language][outcome] as Readonly<Record<string, string>>)[code] ?? ''}</td>
            <td>{numbers.whole(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);
