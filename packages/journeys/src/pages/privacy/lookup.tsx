import { LOOKUPS } from '../../privacy/sources.ts';
import { Notice } from '../parts/notice.tsx';
import { Scroll } from '../parts/scroll.tsx';
import type { PrivacyView } from './view.ts';

/** Finds the proof of somebody's choices. What is looked for goes in the body: no address, history or log of a front holds it. */
export const ReceiptLookup = ({ text, numbers, language, lookedUp }: PrivacyView) => (
  <section class="card" id="lookup">
    <h2 id="lookup-title">{text.lookup}</h2>
    <p class="hint" id="lookup-hint">
      {text.lookupNote}
    </p>
    <form method="post" action={`/privacy?lang=${language}#lookup`} class="lookup">
      <label for="by">{text.by}</label>
      <select id="by" name="by">
        {LOOKUPS.map((by) => (
          <option value={by} selected={by === lookedUp?.by}>
            {text[by]}
          </option>
        ))}
      </select>
      <label for="value">{text.value}</label>
      <input
        id="value"
        name="value"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        required
        maxlength={200}
        aria-describedby={lookedUp?.why === undefined ? 'lookup-hint' : 'lookup-said lookup-hint'}
        aria-invalid={lookedUp?.why === undefined ? undefined : 'true'}
      />
      <button type="submit">{text.find}</button>
    </form>
    {lookedUp?.why !== undefined && (
      <Notice kind="bad" id="lookup-said">
        {text[lookedUp.why]}
      </Notice>
    )}
    {lookedUp?.found && <Found {...{ text, numbers }} found={lookedUp.found} all={lookedUp.all ?? 0} />}
  </section>
);

const Found = ({
  text,
  numbers,
  found,
  all,
}: Pick<PrivacyView, 'text' | 'numbers'> & {
  readonly found: NonNullable<NonNullable<PrivacyView['lookedUp']>['found']>;
  readonly all: number;
}) => {
  if (all === 0) return <Notice kind="plain">{text.noneFound}</Notice>;
  const said = (all > found.length ? text.foundMore : text.found)
    .replace('{n}', numbers.whole(all))
    .replace('{shown}', numbers.whole(found.length));
  return (
    <>
      <Notice kind="good">{said}</Notice>
      <Scroll id="receipts-scroll" label={said}>
        <table>
          <thead>
            <tr>
              {[text.received, text.site, text.action, text.purposes, text.source, text.policyOf, text.ends].map(
                (column) => (
                  <th scope="col">{column}</th>
                ),
              )}
              <th scope="col">{text.receipt}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((receipt) => (
              <tr>
                <td>
                  <time datetime={receipt.received_at}>{numbers.moment(Date.parse(receipt.received_at))}</time>
                </td>
                <td>{receipt.site}</td>
                <td>{text[receipt.action]}</td>
                <td>{receipt.purposes.join(', ')}</td>
                <td>
                  <code>{receipt.source}</code>
                </td>
                <td>{receipt.policy ?? ''}</td>
                <td>
                  {receipt.expires_at !== undefined && (
                    <time datetime={receipt.expires_at}>{numbers.moment(Date.parse(receipt.expires_at))}</time>
                  )}
                </td>
                <td>
                  <code>{receipt.receipt_id}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
};
