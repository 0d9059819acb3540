import type { SiteFigures } from '../../overview/figures.ts';
import { Scroll } from '../parts/scroll.tsx';
import type { OverviewView } from './view.ts';

const OUTCOMES = ['accepted', 'filtered', 'failed', 'dropped'] as const;

const total = (sites: readonly SiteFigures[]): Omit<SiteFigures, 'site'> =>
  sites.reduce(
    (sum, { accepted, failed, filtered, dropped }) => ({
      accepted: sum.accepted + accepted,
      failed: sum.failed + failed,
      filtered: sum.filtered + filtered,
      dropped: sum.dropped + dropped,
    }),
    { accepted: 0, failed: 0, filtered: 0, dropped: 0 },
  );

/** How events ended, by site, in the last hour and the last day. */
export const Accounts = (view: OverviewView) => {
  const { text, numbers, figures } = view;
  if (!figures) return null;
  const row = (name: string, hour: Omit<SiteFigures, 'site'> | undefined, day: Omit<SiteFigures, 'site'>) => (
    <tr>
      <th scope="row">{name}</th>
      {[hour, day].flatMap((window) => OUTCOMES.map((outcome) => <td>{numbers.whole(window?.[outcome] ?? 0)}</td>))}
    </tr>
  );
  return (
    <section class="card">
      <h2 id="accounts-title">{text.accounts}</h2>
      <p class="hint">{text.accountsNote}</p>
      <Scroll id="accounts-scroll" label={text.accounts}>
        <table class="figures">
          <colgroup />
          <colgroup span={4} />
          <colgroup span={4} />
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colspan={4}>
                {text.hour}
              </th>
              <th scope="colgroup" colspan={4}>
                {text.day}
              </th>
            </tr>
            <tr>
              <th scope="col">{text.site}</th>
              {[0, 1].flatMap(() => OUTCOMES.map((outcome) => <th scope="col">{text[outcome]}</th>))}
            </tr>
          </thead>
          <tbody>
            {figures.day.map((day) =>
              row(
                day.site,
                figures.hour.find(({ site }) => site === day.site),
                day,
              ),
            )}
            {figures.day.length !== 1 && row(text.all, total(figures.hour), total(figures.day))}
          </tbody>
        </table>
      </Scroll>
      <Equation {...view} />
    </section>
  );
};

/** received = accepted + duplicate + filtered + failed + retry, as the collector itself counts since its start. */
const Equation = ({ text, numbers, status }: OverviewView) => {
  if (!status?.accounts) return null;
  const { received, accepted, duplicate, filtered, failed, retry } = status.accounts;
  const terms: readonly (readonly [string, number])[] = [
    [text.accepted, accepted],
    [text.duplicate, duplicate],
    [text.filtered, filtered],
    [text.failed, failed],
    [text.retry, retry],
  ];
  return (
    <>
      <h3>{text.since_start}</h3>
      <dl class="equation">
        <div>
          <dt>{text.received}</dt>
          <dd>{numbers.whole(received)}</dd>
        </div>
        {terms.map(([name, value], index) => (
          <div>
            <dt>{name}</dt>
            <dd>
              <span aria-hidden="true">{index === 0 ? '=' : '+'} </span>
              {numbers.whole(value)}
            </dd>
          </div>
        ))}
      </dl>
      <p class="hint">{text.equation}</p>
    </>
  );
};
