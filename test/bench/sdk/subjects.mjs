import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScriptError } from '../../../scripts/step.mjs';
import { bundle } from './bundle.mjs';
import { DIALECTS } from './dialects.mjs';
import { EMPTY } from './figures.mjs';
import { installPeers } from './peers.mjs';
import { startRecorder } from './recorder.mjs';

/**
 * What is measured: the empty page, which all else is compared with; Parcours as a script tag and as a bundled import;
 * the peers, each its default entry of npm with the set-up of its own guide.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {'empty' | 'parcours' | 'peer'} kind
 * @property {string} head  markup of the page's head
 * @property {ReadonlyMap<string, Buffer>} files  scripts that the head asks for, at `/script/<name>/<file>`
 * @property {import('./recorder.mjs').Recorder} recorder
 */

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const DIST = '../../../packages/sdk/dist';

/** The script tags of Parcours that may be built. */
const SCRIPTS = ['p.js', 'p.full.js'];

/** Name and entry of each bundle. */
const BUNDLES = [
  { name: 'Parcours npm', kind: 'parcours', dialect: 'parcours', entry: './parcours_entry.mjs' },
  { name: 'Snowplow', kind: 'peer', dialect: 'snowplow', entry: '../peers/snowplow.mjs' },
  { name: 'PostHog', kind: 'peer', dialect: 'posthog', entry: '../peers/posthog.mjs' },
  { name: 'Segment', kind: 'peer', dialect: 'segment', entry: '../peers/segment.mjs' },
  { name: 'OpenPanel', kind: 'peer', dialect: 'openpanel', entry: '../peers/openpanel.mjs' },
];

/** Every subject that can be measured now: `p.full.js` only where it is built. */
export const names = () => [EMPTY, ...SCRIPTS.filter(isBuilt), ...BUNDLES.map(({ name }) => name)];

/**
 * The names that a flag gives with commas between; all where it gives none.
 *
 * @param {string} only
 */
export function wantedNames(only) {
  const wanted = only === '' ? names() : only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !names().includes(name));
  if (unknown.length > 0)
    throw new ScriptError(`--only: not known: ${unknown.join(', ')}. Known: ${names().join(', ')}`);
  return wanted;
}

/**
 * Subjects by a flag, the peers installed where they are wanted.
 *
 * @param {string} only
 */
export async function openWanted(only) {
  const wanted = wantedNames(only);
  if (needsPeers(wanted)) installPeers();
  return await openSubjects(wanted);
}

/** Whether any of these is not of this repository. */
const needsPeers = (wanted) => BUNDLES.some(({ name, kind }) => kind === 'peer' && wanted.includes(name));

const isBuilt = (script) => existsSync(file(`${DIST}/${script}`));

/**
 * Starts the recorders and makes the pages.
 *
 * @param {readonly string[]} wanted names; the empty page comes along unasked, since all is compared with it
 * @param {{ isDown?: boolean }} [options]  whether servers refuse events: 503, and to come back in five minutes
 * @returns {Promise<readonly Subject[]>}
 */
export async function openSubjects(wanted, { isDown = false } = {}) {
  const subjects = [];
  for (const name of names().filter((name) => name === EMPTY || wanted.includes(name))) {
    const bundled = BUNDLES.find((one) => one.name === name);
    if (bundled) subjects.push(await fromBundle(bundled, isDown));
    else subjects.push(name === EMPTY ? await emptyPage(name) : await fromScript(name, isDown));
  }
  return subjects;
}

const emptyPage = async (name) => ({
  name,
  kind: 'empty',
  head: '',
  files: new Map(),
  recorder: await startRecorder(DIALECTS.parcours),
});

async function fromBundle({ name, kind, dialect, entry }, isDown) {
  const recorder = await startRecorder(DIALECTS[dialect], { isDown });
  const { main, files } = await bundle(file(entry), recorder.origin);
  const head = `<script type="module" async src="${scriptPath(name, main)}"></script>`;
  return { name, kind, head, files, recorder };
}

/** As the installation guide has it: the stub inline, the script when it comes, a choice that was made before. */
async function fromScript(name, isDown) {
  const recorder = await startRecorder(DIALECTS.parcours, { isDown });
  const stub = readFileSync(file(`${DIST}/stub.js`), 'utf8').trim();
  const tag = `async src="${scriptPath(name, name)}" data-site="shop" data-key="pk_demo"`;
  return {
    name,
    kind: 'parcours',
    head: `<script>${stub}
parcours.consent({ audience: true });
benchTrack = (props) => parcours.track('bench', props);</script>
<script ${tag} data-endpoint="${recorder.origin}/v1/events"></script>`,
    files: new Map([[name, readFileSync(file(`${DIST}/${name}`))]]),
    recorder,
  };
}

const scriptPath = (name, script) => `/script/${encodeURIComponent(name)}/${script}`;
