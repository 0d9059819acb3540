import { Pill } from '../parts/pill.tsx';
import { Scroll } from '../parts/scroll.tsx';
import type { OverviewView } from './view.ts';

/** The program and its parts: version, how long they run, how often they were started again. */
export const Program = ({ text, numbers, now, version, status }: OverviewView) => {
  if (!status) return null;
  const running = (startedAt: number | undefined): string =>
    startedAt === undefined ? '–' : numbers.duration(now - startedAt);
  return (
    <section class="card">
      <h2 id="program-title">{text.program}</h2>
      <Scroll id="program-scroll" label={text.program}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.part}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.running}</th>
              <th scope="col">{text.restarts}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                {text.whole} {version}
              </th>
              <td>
                <Pill tone="good">{text.up}</Pill>
              </td>
              <td>{running(status.startedAt)}</td>
              <td>–</td>
            </tr>
            {status.parts.map(({ role, isUp, startedAt, restarts }) => (
              <tr>
                <th scope="row">{text[role]}</th>
                <td>
                  <Pill tone={isUp ? 'good' : 'bad'}>{isUp ? text.up : text.down}</Pill>
                </td>
                <td>{running(startedAt)}</td>
                <td>{numbers.whole(restarts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
};
