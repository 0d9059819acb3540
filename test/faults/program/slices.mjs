/**
 * Gives a process the machine for `runMs` of every `periodMs` alone: node slices.mjs <pid> <runMs> <periodMs>. A process of its
 * own, so that nothing else of a test makes a slice longer. Whatever ends it leaves the other running.
 */
const [pid, runMs, periodMs] = process.argv.slice(2).map(Number);

const signal = (name) => {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone, and a new one in its place has its own slices.
    process.exit(0);
  }
};
for (const end of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(end, () => process.exit(0));
process.on('exit', () => {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It is gone.
  }
});

const rest = () => {
  signal('SIGSTOP');
  setTimeout(run, periodMs - runMs);
};
const run = () => {
  signal('SIGCONT');
  setTimeout(rest, runMs);
};
rest();
console.log('slicing');
