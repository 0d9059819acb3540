import type { ActionShown } from '../../privacy/sources.ts';
import { Pill } from '../parts/pill.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { actionText, actorText } from './action_text.ts';
import type { PrivacyView } from './view.ts';

const OUTCOME = { done: 'done', refused: 'refusedOutcome', failed: 'failed' } as const;
const TONE = { done: 'good', refused: 'warn', failed: 'bad' } as const;

/** What was asked for and done, and what is still to come to its end. */
export const Actions = ({ text, language, numbers, now, actions }: PrivacyView) => {
  const open = ({ logGoneBy }: ActionShown): string | undefined =>
    logGoneBy !== undefined && Date.parse(logGoneBy) > now
      ? text.pending.replace('{at}', numbers.moment(Date.parse(logGoneBy)))
      : undefined;
  return (
    <section class="card">
      <h2 id="actions-title">{text.actions}</h2>
      <p class="hint">{text.actionsNote}</p>
      {actions.length === 0 ? (
        <p class="empty">{text.noActions}</p>
      ) : (
        <Scroll id="actions-scroll" label={text.actions}>
          <table class="actions">
            <thead>
              <tr>
                {[text.time, text.what, text.who, text.how].map((column) => (
                  <th scope="col">{column}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {actions.map((action) => (
                <tr>
                  <td>
                    <time datetime={action.at}>{numbers.moment(Date.parse(action.at))}</time>
                  </td>
                  <td>{actionText[language][action.action]}</td>
                  <td>{actorText[language][action.by]}</td>
                  <td>
                    <Pill tone={TONE[action.outcome]}>{text[OUTCOME[action.outcome]]}</Pill> {open(action)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
};
