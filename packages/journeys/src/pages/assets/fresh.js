// Brings a page up to date: asks its own address again and takes over what is marked `data-fresh`. XMLHttpRequest parses the
// answer as a document in which nothing runs, so no text is ever turned into markup here (Trusted Types).
const EVERY_MS = 5_000;
const pause = document.querySelector('#pause');
let paused = false;
let waiting = false;

function ask() {
  if (paused || waiting || document.hidden) return;
  waiting = true;
  const request = new XMLHttpRequest();
  request.open('GET', location.href);
  request.responseType = 'document';
  request.timeout = 10_000;
  request.addEventListener('loadend', () => {
    waiting = false;
    // Signed out meanwhile: the page leads to the sign-in, and back here.
    if (request.status === 200 && new URL(request.responseURL).pathname !== location.pathname) location.reload();
    else if (request.status === 200 && request.response && !paused) takeOver(request.response);
  });
  request.send();
}

function takeOver(next) {
  const focused = document.activeElement?.id;
  const scrolled = [...document.querySelectorAll('.scroll')].map(({ id, scrollLeft }) => [id, scrollLeft]);
  for (const part of document.querySelectorAll('[data-fresh]')) {
    const other = next.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (other && other.textContent !== part.textContent) part.replaceChildren(...document.adoptNode(other).childNodes);
  }
  for (const [id, left] of scrolled) document.getElementById(id)?.scrollTo({ left });
  if (focused && document.activeElement === document.body)
    document.getElementById(focused)?.focus({ preventScroll: true });
}

pause.hidden = false;
pause.addEventListener('click', () => {
  paused = !paused;
  pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
  ask();
});
document.addEventListener('visibilitychange', ask);
setInterval(ask, EVERY_MS);
