import { GVL, TCModel, TCString } from '@iabtechlabtcf/core';

/** A string that starts `CQ…`: everything consented to, on 1 October 2026, told by CMP 7 in its version 2. */
export function tcString(policyVersion: number, lastUpdated = '2026-10-01T00:00:00Z'): string {
  const named = (ids: readonly number[]) =>
    Object.fromEntries(ids.map((id) => [id, { id, name: '', description: '' }]));
  const list = {
    gvlSpecificationVersion: 3,
    vendorListVersion: 142,
    tcfPolicyVersion: policyVersion,
    lastUpdated: '2026-09-01T16:00:00Z',
    purposes: named([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    specialPurposes: {},
    features: {},
    specialFeatures: {},
    stacks: {},
    vendors: {
      755: {
        id: 755,
        name: '',
        purposes: [1, 7, 8, 9],
        legIntPurposes: [],
        flexiblePurposes: [],
        specialPurposes: [],
        features: [],
        specialFeatures: [],
      },
    },
  };
  const model = new TCModel(new GVL(list as never));
  Object.assign(model, { cmpId: 7, cmpVersion: 2, isServiceSpecific: true, policyVersion, publisherCountryCode: 'FR' });
  model.purposeConsents.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  model.publisherConsents.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  model.vendorConsents.set([755]);
  model.vendorsDisclosed.set([755]);
  model.created = model.lastUpdated = new Date(lastUpdated);
  return TCString.encode(model);
}

const all = (last: number): Record<string, boolean> =>
  Object.fromEntries(Array.from({ length: last }, (_, index) => [index + 1, true]));

/** TCData as CMPs give it: 4 is TCF 2.2, and 5 TCF 2.3, in which disclosed vendors are told. Everything is consented to. */
export const tcData = (policy: 4 | 5, changes: object = {}) => ({
  tcString: tcString(policy),
  tcfPolicyVersion: policy,
  cmpId: 7,
  cmpVersion: 2,
  gdprApplies: true as boolean | undefined,
  eventStatus: 'tcloaded',
  cmpStatus: 'loaded',
  listenerId: 1,
  isServiceSpecific: true,
  useNonStandardTexts: false,
  publisherCC: 'FR',
  purposeOneTreatment: false,
  purpose: { consents: all(11), legitimateInterests: {} },
  vendor: {
    consents: { 755: true },
    legitimateInterests: {},
    ...(policy > 4 && { disclosedVendors: { 755: true } }),
  },
  specialFeatureOptins: {},
  publisher: {
    consents: all(10),
    legitimateInterests: {},
    customPurpose: { consents: { 1: true }, legitimateInterests: {} },
    restrictions: {},
  },
  ...changes,
});

export type TcData = ReturnType<typeof tcData>;
