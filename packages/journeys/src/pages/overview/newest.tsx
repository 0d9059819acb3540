import { liveText } from '../live_text.ts';
import { Pill } from '../parts/pill.tsx';
import type { OverviewView } from './view.ts';

const TONE = { accepted: 'good', failed: 'bad', filtered: 'warn' } as const;

/** The newest events, for whoever may see single ones. */
export const Newest = ({ text, language, numbers, newest }: OverviewView) =>
  newest === undefined ? null : (
    <section class="card">
      <div class="titled">
        <h2 id="newest-title">{text.newest}</h2>
        <a href="/live">{text.toLive}</a>
      </div>
      {newest.length === 0 ? (
        <p class="empty">{text.noEvents}</p>
      ) : (
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">{text.time}</th>
              <th scope="col">{text.site}</th>
              <th scope="col">{text.event}</th>
              <th scope="col">{text.decision}</th>
            </tr>
          </thead>
          <tbody>
            {newest.map((line) => (
              <tr>
                <td>
                  <time datetime={line.received_at}>{numbers.clock(Date.parse(line.received_at))}</time>
                </td>
                <td>{line.site}</td>
                <td>{line.count > 1 ? `${line.type} × ${line.count}` : line.type}</td>
                <td>
                  <Pill tone={TONE[line.decision]}>{liveText[language][line.decision]}</Pill>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
