import { ReasonsTable } from '../parts/reasons_table.tsx';
import type { OverviewView } from './view.ts';

/** Why events ended other than accepted, each code in plain words. */
export const Reasons = ({ text, language, numbers, figures }: OverviewView) =>
  figures && (
    <section class="card">
      <h2 id="reasons-title">{text.reasons}</h2>
      <p class="hint">{text.reasonsNote}</p>
      {figures.reasons.length === 0 ? (
        <p class="empty">{text.noReasons}</p>
      ) : (
        <ReasonsTable
          id="reasons-scroll"
          label={text.reasons}
          columns={[text.outcome, text.reason, text.meaning, text.count]}
          outcomes={text}
          {...{ language, numbers }}
          reasons={figures.reasons}
        />
      )}
    </section>
  );
