/** What is told of events that were measured without consent. The rules are told at `EXEMPT_COUNT_COLUMNS`. */

/** The things by which such events are counted, each by itself. */
const DIMENSIONS = {
  path: 'path',
  referrer_host: 'referrer_host',
  screen: 'screen',
  device: 'device',
  browser: 'browser',
  os: 'os',
  element: "json_extract_string(props, '$.element')",
  rating: "concat_ws(' ', json_extract_string(props, '$.name'), json_extract_string(props, '$.rating'))",
};

/** Only clicks have one of these, and only web vitals the other. */
const TYPE_OF: Readonly<Record<string, string>> = { element: 'click', rating: 'web_vital' };

const dimension = (name: string, value: string): string => `
    SELECT site, date_trunc('day', received_at)::TIMESTAMP AS received_at, type, '${name}' AS dimension,
      coalesce(${value}, '') AS value, day_visitor
    FROM exempt
    WHERE bot IS NOT TRUE AND received_at < date_trunc('day', now()::TIMESTAMP)${TYPE_OF[name] ? ` AND type = '${TYPE_OF[name]}'` : ''}`;

/** The least that a cell may be, and what counts are rounded to. */
const CELL = 10;

/** What must not be small: visitors of the day where there are any, else events. `who` are lists of them. */
const sizeOf = (n: string, who: string): string => `CASE WHEN len(${who}) = 0 THEN ${n} ELSE len(${who}) END`;

/**
 * Cells of one site, day, type and dimension share all its events: so what is hidden of them must be ${CELL} or more, or nothing.
 * Events add up; one visitor may be in several small cells, so where visitors are counted a large cell always goes along.
 */
export const EXEMPT_COUNTS = `
  WITH told AS (${Object.entries(DIMENSIONS)
    .map(([name, value]) => dimension(name, value))
    .join(' UNION ALL ')}
  ),
  counted AS (
    SELECT site, received_at, type, dimension, value, count(*) AS n,
      coalesce(list(DISTINCT day_visitor) FILTER (day_visitor IS NOT NULL), []) AS who
    FROM told
    GROUP BY site, received_at, type, dimension, value
  ),
  cells AS (SELECT *, ${sizeOf('n', 'who')} AS size FROM counted),
  ranked AS (
    SELECT *, size < ${CELL} AS is_small,
      coalesce(sum(n) FILTER (size < ${CELL}) OVER whole, 0) AS left_out,
      bool_or(len(who) > 0) OVER whole AS counts_visitors,
      row_number() OVER (PARTITION BY site, received_at, type, dimension, size < ${CELL} ORDER BY size, value) AS rank
    FROM cells
    WINDOW whole AS (PARTITION BY site, received_at, type, dimension)
  ),
  marked AS (
    SELECT *, is_small OR (rank = 1 AND left_out > 0 AND (left_out < ${CELL} OR counts_visitors)) AS is_hidden
    FROM ranked
  ),
  shown AS (
    SELECT site, received_at, type, dimension, CASE WHEN is_hidden THEN NULL ELSE value END AS value,
      sum(n) AS n, list_distinct(flatten(list(who))) AS who
    FROM marked
    GROUP BY site, received_at, type, dimension, CASE WHEN is_hidden THEN NULL ELSE value END
  )
  SELECT site, received_at, type, dimension, value,
    (round(n / ${CELL}) * ${CELL})::BIGINT AS count,
    CASE WHEN len(who) > 0 THEN (round(len(who) / ${CELL}) * ${CELL})::BIGINT END AS visitors
  FROM shown
  WHERE n >= ${CELL} AND ${sizeOf('n', 'who')} >= ${CELL}`;

/** More than one number of a version: `Chrome 156.0`, `iOS 18.2`. */
const MINOR = "'[0-9]+[._][0-9]'";

const distinct = (value: string): string =>
  `coalesce(list_sort(list_distinct(list(${value}) FILTER (${value} IS NOT NULL))), [])`;

export const EXEMPT_EVIDENCE = `
  WITH followed AS (
    SELECT DISTINCT site FROM (
      SELECT site, day_visitor FROM exempt WHERE day_visitor IS NOT NULL
      GROUP BY site, day_visitor HAVING count(DISTINCT date_trunc('day', received_at)) > 1
    )
  ),
  shared AS (
    SELECT day_visitor FROM exempt WHERE day_visitor IS NOT NULL GROUP BY day_visitor HAVING count(DISTINCT site) > 1
  ),
  joined AS (
    SELECT DISTINCT t.site FROM exempt t JOIN events e ON e.site = t.site AND e.event_id = t.event_id
    UNION SELECT DISTINCT site FROM events WHERE list_contains(purposes, 'audience_exempt')
  )
  SELECT site,
    ${distinct('type')} AS types,
    min(strftime(received_at, '%Y-%m-%d')) AS oldest_day,
    max(strftime(received_at, '%Y-%m-%d')) AS newest_day,
    ${distinct("regexp_extract(ip_prefix, '/[0-9]+$')")} AS ip_widths,
    ${distinct('screen')} AS screens,
    list_sort(list_distinct(flatten(list(coalesce(json_keys(props), []))))) AS props,
    coalesce(bool_or(contains(path, '?')), false) AS has_query,
    coalesce(bool_or(regexp_matches(referrer_host, '[/?#]')), false) AS has_referrer_path,
    coalesce(bool_or(regexp_matches(browser, ${MINOR}) OR regexp_matches(os, ${MINOR})), false) AS has_minor_version,
    bool_or(occurred_at <> date_trunc('minute', occurred_at)) AS has_seconds,
    bool_or(day_visitor IS NOT NULL) AS has_day_visitor,
    site IN (SELECT site FROM followed) AS has_visitor_of_days,
    coalesce(bool_or(day_visitor IN (SELECT day_visitor FROM shared)), false) AS has_visitor_of_sites,
    site IN (SELECT site FROM joined) AS has_joined,
    ${distinct('policy_hash')} AS policies
  FROM exempt
  GROUP BY site`;
