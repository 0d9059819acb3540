import type { Purpose } from '../../consent/purposes.ts';
import { FORMAT } from '../terms.ts';
import type { Breach, Law } from './law.ts';

/** Recipients that stand twice, and purposes that nothing can be given for: whoever asks would be told what is not so. */
export const recipients: Law = ({ recipients: given = [], purposes }) =>
  given.flatMap(({ name, purposes: of = [] }, index): readonly Breach[] => [
    ...(given.findIndex((each) => each.name === name) < index
      ? [
          {
            at: ['recipients', index, 'name'] as const,
            value: name,
            rule: 'stands twice: name a recipient once, with all of its purposes',
            source: FORMAT,
          },
        ]
      : []),
    ...of.flatMap((purpose: Purpose, place): readonly Breach[] =>
      purpose === 'necessary' || purposes[purpose]
        ? []
        : [
            {
              at: ['recipients', index, 'purposes', place],
              value: purpose,
              rule: 'is not among the purposes here, so nobody is given anything for it',
              source: 'GDPR art. 15(1)(c)',
            },
          ],
    ),
  ]);
