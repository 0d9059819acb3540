import { Notice } from '../parts/notice.tsx';
import { faultText } from './text.ts';
import type { OverviewView } from './view.ts';

/** The first line of the overview: all is well, or what is not, and what to do. */
export const Health = ({ text, language, faults, numbers }: OverviewView) =>
  faults.length === 0 ? (
    <Notice kind="good" id="health">
      <strong>{text.well}</strong> {text.wellDetail}
    </Notice>
  ) : (
    <Notice kind="bad" id="health">
      <strong>{text.unwell}</strong>
      <ul>
        {faults.map(({ name, since, text: inEnglish = name }) => (
          <li>
            {faultText[language][name] ?? inEnglish}
            {since !== undefined && (
              <small>
                {' '}
                ({text.since} {numbers.moment(since)})
              </small>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
