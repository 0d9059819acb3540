import { resolveRules } from '@parcours/protocol/policy';
import { Notice } from '../parts/notice.tsx';
import { Scroll } from '../parts/scroll.tsx';
import type { PrivacyView } from './view.ts';

const BEFORE = { memory: 'memory', drop: 'drop', exempt: 'beforeExempt' } as const;

/** What is in force, and what it comes to for each site. */
export const PolicyInForce = ({ text, numbers, language, policy, sites }: PrivacyView) => {
  const countries = new Intl.DisplayNames(language, { type: 'region' });
  const days = (n: number): string => text.days.replace('{n}', numbers.whole(n));
  const rows = sites.length === 0 ? [{ site: '', name: text.otherSites }] : sites.map((site) => ({ site, name: site }));
  return (
    <section class="card">
      <h2 id="policy-title">{text.policy}</h2>
      {policy.since === undefined && <Notice kind="warn">{text.builtIn}</Notice>}
      <dl class="equation">
        <div>
          <dt>{text.version}</dt>
          <dd>{policy.version}</dd>
        </div>
        {policy.since !== undefined && (
          <div>
            <dt>{text.since}</dt>
            <dd>
              <time datetime={policy.since}>{numbers.moment(Date.parse(policy.since))}</time>
            </dd>
          </div>
        )}
        <div>
          <dt>{text.hash}</dt>
          <dd>
            <code>{policy.hash.slice(0, 23)}</code>
          </dd>
        </div>
      </dl>
      <Scroll id="policy-scroll" label={text.policy}>
        <table class="rules">
          <thead>
            <tr>
              <th scope="col">{text.site}</th>
              <th scope="col">{text.country}</th>
              <th scope="col">{text.purposes}</th>
              <th scope="col">{text.beforeChoice}</th>
              <th scope="col">{text.choice}</th>
              <th scope="col">{text.cookie}</th>
              <th scope="col">{text.groups}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ site, name }) => {
              const rules = resolveRules(policy.policy, site);
              return (
                <tr>
                  <th scope="row">{name}</th>
                  <td>{countries.of(rules.country)}</td>
                  <td>
                    <ul class="plain">
                      {Object.entries(rules.purposes).map(
                        ([purpose, given]) =>
                          given && (
                            <li>
                              <code>{purpose}</code> {text[given.basis]}
                            </li>
                          ),
                      )}
                    </ul>
                  </td>
                  <td>{text[BEFORE[rules.before_choice]]}</td>
                  <td>{days(rules.choice_days)}</td>
                  <td>{days(rules.cookie_days)}</td>
                  <td>{text.people.replace('{n}', numbers.whole(rules.report_k))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      <h3>{text.recipients}</h3>
      <p class="hint">{text.recipientsNote}</p>
      <dl class="recipients">
        {rows.map(({ site, name }) => {
          const { recipients = [] } = resolveRules(policy.policy, site);
          return (
            <div>
              <dt>{name}</dt>
              <dd>
                {recipients.length === 0 ? (
                  <span class="hint">{text.noRecipients}</span>
                ) : (
                  <ul class="plain">
                    {recipients.map(({ name: who, purposes }) => (
                      <li>
                        {who}
                        {text.givenFor}
                        {purposes === undefined ? text.everyPurpose : purposes.map(asCode)}
                      </li>
                    ))}
                  </ul>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
};

const asCode = (purpose: string, index: number) => (
  <>
    {index > 0 && ', '}
    <code>{purpose}</code>
  </>
);
