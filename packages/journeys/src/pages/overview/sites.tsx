import { Scroll } from '../parts/scroll.tsx';
import type { OverviewView } from './view.ts';

/** Which sites may send, from where, and when they last did. */
export const Sites = ({ text, numbers, now, sites, figures }: OverviewView) => {
  if (!sites) return null;
  const lastEvent = (site: string) => {
    const at = figures?.lastEvents.get(site);
    if (at === undefined) return text.never;
    const duration = numbers.duration(now - at);
    return <time datetime={new Date(at).toISOString()}>{text.agoOf.replace('{time}', duration)}</time>;
  };
  const list = (items: readonly string[], none: string) =>
    items.length === 0 ? (
      none
    ) : (
      <ul class="plain">
        {items.map((item) => (
          <li>
            <code>{item}</code>
          </li>
        ))}
      </ul>
    );
  return (
    <section class="card">
      <h2 id="sites-title">{text.sites}</h2>
      {sites.length === 0 ? (
        <p class="empty">{text.noSites}</p>
      ) : (
        <Scroll id="sites-scroll" label={text.sites}>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.site}</th>
                <th scope="col">{text.lastEvent}</th>
                <th scope="col">{text.origins}</th>
                <th scope="col">{text.keys}</th>
              </tr>
            </thead>
            <tbody>
              {sites.map(({ id, origins, keys }) => (
                <tr>
                  <th scope="row">{id}</th>
                  <td>{lastEvent(id)}</td>
                  <td>{list(origins, text.noOrigins)}</td>
                  <td>{list(keys, text.noKeys)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
};
