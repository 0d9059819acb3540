import { PURPOSES } from '@parcours/protocol';
import { Scroll } from '../parts/scroll.tsx';
import type { PrivacyView } from './view.ts';

/** What visitors agreed to and took back, by where they were asked. */
export const Choices = ({ text, numbers, language, choices }: PrivacyView) => {
  const countries = new Intl.DisplayNames(language, { type: 'region' });
  const purposes = PURPOSES.filter((purpose) => choices.some((row) => (row.purposes[purpose] ?? 0) > 0));
  return (
    <section class="card">
      <h2 id="choices-title">{text.choices}</h2>
      <p class="hint">{text.choicesNote}</p>
      {choices.length === 0 ? (
        <p class="empty">{text.noChoices}</p>
      ) : (
        <Scroll id="choices-scroll" label={text.choices}>
          <table class="figures">
            <colgroup span={5} />
            <colgroup span={purposes.length} />
            <thead>
              <tr>
                <th scope="col" rowspan={2}>
                  {text.source}
                </th>
                <th scope="col" rowspan={2}>
                  {text.countryOf}
                </th>
                <th scope="col" rowspan={2}>
                  {text.grants}
                </th>
                <th scope="col" rowspan={2}>
                  {text.withdrawals}
                </th>
                <th scope="col" rowspan={2}>
                  {text.withdrawalShare}
                </th>
                {purposes.length > 0 && (
                  <th scope="colgroup" colspan={purposes.length}>
                    {text.ofGrants}
                  </th>
                )}
              </tr>
              <tr>
                {purposes.map((purpose) => (
                  <th scope="col">
                    <code>{purpose}</code>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {choices.map((row) => (
                <tr>
                  <th scope="row">
                    <code>{row.source}</code>
                  </th>
                  <td>{row.country === undefined ? text.unknownCountry : countries.of(row.country)}</td>
                  <td>{numbers.whole(row.grants)}</td>
                  <td>{numbers.whole(row.withdrawals)}</td>
                  <td>{row.grants > 0 ? numbers.percent(row.withdrawals / row.grants) : ''}</td>
                  {purposes.map((purpose) => (
                    <td>{row.grants > 0 ? numbers.percent((row.purposes[purpose] ?? 0) / row.grants) : ''}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
};
