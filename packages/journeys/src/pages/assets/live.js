// The live page: lines from the event stream into the table, the newest on top. Everything is set as text.
const MAX_ROWS = 200;
const rows = document.querySelector('#lines');
const status = document.querySelector('#status');
const toggle = document.querySelector('#toggle');
const empty = document.querySelector('#empty');
const text = JSON.parse(document.querySelector('#lines').dataset.text);
const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' });
let stream;

// Until here nothing would have been shown: a browser without JavaScript, or where this file did not come, says so.
document.querySelector('#no-script').remove();

function show(line) {
  const row = document.createElement('tr');
  const type = line.count > 1 ? `${line.type} × ${line.count}` : line.type;
  const cells = [time.format(new Date(line.received_at)), line.site, type, text[line.decision], line.detail];
  for (const value of cells) row.insertCell().textContent = value;
  row.cells[3].className = line.decision;
  rows.prepend(row);
}

function open() {
  stream = new EventSource('/live/events');
  stream.addEventListener('open', () => {
    rows.replaceChildren();
    status.textContent = text.connected;
  });
  stream.addEventListener('error', () => {
    status.textContent = text.lost;
    // Refused, not broken: the browser would not try again.
    if (stream.readyState === EventSource.CLOSED) showFunnel();
  });
  stream.addEventListener('lines', ({ data }) => {
    const { lines, skipped } = JSON.parse(data);
    for (const line of lines) show(line);
    if (skipped > 0) status.textContent = `${text.connected} · ${skipped} ${text.more}`;
    while (rows.rows.length > MAX_ROWS) rows.deleteRow(-1);
    empty.hidden = rows.rows.length > 0;
  });
}

toggle.addEventListener('click', () => {
  const paused = toggle.getAttribute('aria-pressed') !== 'true';
  toggle.setAttribute('aria-pressed', String(paused));
  toggle.textContent = paused ? text.resume : text.pause;
  if (paused) {
    stream.close();
    status.textContent = text.paused;
  } else open();
});

const FUNNEL_MS = 10_000;
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(document.documentElement.lang);

function duration(ms) {
  if (ms === null) return '';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

async function showFunnel() {
  if (document.hidden) return;
  const answer = await fetch('/live/funnel').catch(() => undefined);
  // Signed out meanwhile: the page leads to the sign-in, and back here.
  if (answer?.status === 401) location.reload();
  if (!answer?.ok) return;
  const { steps, reportK } = await answer.json();
  document.querySelector('#funnel').replaceChildren(
    ...steps.map(({ step, visitors, stepRate, overallRate, medianMs }) => {
      const row = document.createElement('tr');
      const rate = (share) => (share === null ? '' : percent.format(share));
      const people = visitors === null ? `< ${whole.format(reportK)}` : whole.format(visitors);
      for (const value of [step, people, rate(stepRate), rate(overallRate), duration(medianMs)]) {
        row.insertCell().textContent = value;
      }
      return row;
    }),
  );
}

open();
showFunnel();
setInterval(showFunnel, FUNNEL_MS);
