import type { Outcome, ReasonFigures } from '../../overview/figures.ts';
import { Pill } from '../parts/pill.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { reasonText } from '../reason_text.ts';
import type { OverviewView } from './view.ts';

const TONE = { failed: 'bad', filtered: 'warn', dropped: 'plain' } as const satisfies Record<Outcome, string>;

/** Why events ended other than accepted, each code in plain words. */
export const Reasons = ({ text, language, numbers, figures }: OverviewView) => {
  if (!figures) return null;
  const meaning = ({ outcome, code }: ReasonFigures): string =>
    (reasonText[language][outcome] as Readonly<Record<string, string>>)[code] ?? '';
  return (
    <section class="card">
      <h2 id="reasons-title">{text.reasons}</h2>
      <p class="hint">{text.reasonsNote}</p>
      {figures.reasons.length === 0 ? (
        <p class="empty">{text.noReasons}</p>
      ) : (
        <Scroll id="reasons-scroll" label={text.reasons}>
          <table class="reasons">
            <thead>
              <tr>
                <th scope="col">{text.outcome}</th>
                <th scope="col">{text.reason}</th>
                <th scope="col">{text.meaning}</th>
                <th scope="col">{text.count}</th>
              </tr>
            </thead>
            <tbody>
              {figures.reasons.map((reason) => (
                <tr>
                  <td>
                    <Pill tone={TONE[reason.outcome]}>{text[reason.outcome]}</Pill>
                  </td>
                  <td>
                    <code>{reason.code}</code>
                  </td>
                  <td>{meaning(reason)}</td>
                  <td>{numbers.whole(reason.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
};
