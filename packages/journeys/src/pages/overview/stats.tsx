import type { SiteFigures } from '../../overview/figures.ts';
import { Stat } from '../parts/stat.tsx';
import type { OverviewView } from './view.ts';

const sum = (sites: readonly SiteFigures[], read: (site: SiteFigures) => number): number =>
  sites.reduce((total, site) => total + read(site), 0);

/** The few figures that say how it goes. */
export const Stats = ({ text, numbers, figures, loader }: OverviewView) => {
  const arrived = figures ? sum(figures.day, ({ accepted, failed, filtered }) => accepted + failed + filtered) : 0;
  const failed = figures ? sum(figures.day, (site) => site.failed) : 0;
  return (
    <dl class="stats">
      {figures && (
        <>
          <Stat name={text.acceptedHour} value={numbers.whole(sum(figures.hour, (site) => site.accepted))} />
          <Stat name={text.acceptedDay} value={numbers.whole(sum(figures.day, (site) => site.accepted))} />
          <Stat
            name={text.notAcceptedDay}
            value={numbers.whole(failed)}
            tone={failed > 0 ? 'bad' : 'plain'}
            note={arrived > 0 ? `${numbers.percent(failed / arrived)} ${text.notAcceptedShare}` : undefined}
          />
        </>
      )}
      {loader && (
        <>
          <Stat name={text.lag} value={numbers.duration(loader.lagMs)} note={text.lagNote} />
          <Stat name={text.backlog} value={numbers.bytes(loader.backlogBytes)} note={text.backlogNote} />
        </>
      )}
    </dl>
  );
};
