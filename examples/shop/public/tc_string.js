import { CmpApi } from '@iabtcf/cmpapi';
import { GVL, TCModel, TCString } from '@iabtcf/core';

/**
 * A choice under the Transparency and Consent Framework: made into a TC string, read back from one, and answered to
 * whoever asks `__tcfapi`. The server puts this file and the libraries of IAB Tech Lab into one.
 * Source: https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 *
 * The shop works with no vendor: it asks for itself, as publisher. A consent manager of a real shop has an id that IAB
 * Europe gave it, and its list of vendors; this one has neither.
 *
 * @typedef {Readonly<Record<string, boolean>>} Answer  by signal, such as `purpose.1` or `custom.1`
 */
const CMP_ID = 4095;
const CMP_VERSION = 1;
/** Of the framework's policies. */
const POLICY_VERSION = 5;
const COUNTRY = 'FR';

const VENDOR_LIST = {
  gvlSpecificationVersion: 3,
  vendorListVersion: 1,
  tcfPolicyVersion: POLICY_VERSION,
  lastUpdated: '2026-11-01T00:00:00Z',
  purposes: {},
  specialPurposes: {},
  features: {},
  specialFeatures: {},
  stacks: {},
  vendors: {},
};

/**
 * @param {Answer} answer
 * @returns {string}
 */
export function encode(answer) {
  const model = new TCModel(new GVL(VENDOR_LIST));
  model.cmpId = CMP_ID;
  model.cmpVersion = CMP_VERSION;
  model.consentScreen = 1;
  model.isServiceSpecific = true;
  model.publisherCountryCode = COUNTRY;
  model.numCustomPurposes = 1;
  const granted = Object.keys(answer).filter((signal) => answer[signal]);
  for (const [kind, id] of granted.map((signal) => signal.split('.'))) {
    if (kind === 'custom') {
      model.publisherCustomConsents.set(Number(id));
    } else {
      model.purposeConsents.set(Number(id));
      model.publisherConsents.set(Number(id));
    }
  }
  return TCString.encode(model);
}

/**
 * @param {string} text  a TC string
 * @param {readonly string[]} signals
 * @returns {{ answer: Answer, at: Date }} `at`: the day, as a TC string has no time
 * @throws the text is no TC string
 */
export function decode(text, signals) {
  const model = TCString.decode(text);
  const isGranted = (/** @type {string} */ signal) => {
    const [kind, id] = signal.split('.');
    return (kind === 'custom' ? model.publisherCustomConsents : model.publisherConsents).has(Number(id));
  };
  return { answer: Object.fromEntries(signals.map((signal) => [signal, isGranted(signal)])), at: model.lastUpdated };
}

/**
 * Answers `__tcfapi` from now on, the calls that the stub has kept first.
 *
 * @returns {(text: string, isAsking: boolean) => void} tells a TC string, empty for none yet, and whether the banner is shown
 */
export function startApi() {
  const api = new CmpApi(CMP_ID, CMP_VERSION, true);
  return (text, isAsking) => api.update(text, isAsking);
}
