import { ReasonsTable } from '../parts/reasons_table.tsx';
import type { PrivacyView } from './view.ts';

/** Which events were refused, and under which rule. */
export const Refused = ({ text, language, numbers, figures }: PrivacyView) =>
  figures && (
    <section class="card">
      <h2 id="refused-title">{text.refused}</h2>
      <p class="hint">{text.refusedNote}</p>
      {figures.refused.length === 0 ? (
        <p class="empty">{text.noRefused}</p>
      ) : (
        <ReasonsTable
          id="refused-scroll"
          label={text.refused}
          columns={[text.outcome, text.reason, text.meaning, text.count]}
          outcomes={text}
          {...{ language, numbers }}
          reasons={figures.refused}
        />
      )}
    </section>
  );
