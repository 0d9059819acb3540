import { PROPERTY_OF } from '../../consent/gate_event.ts';
import { FORMAT } from '../terms.ts';
import type { Breach, Law } from './law.ts';

/** Fields that are listed under both of their names: of two rules for one thing nobody can tell which was meant. */
export const oneName: Law = ({ fields }) =>
  Object.entries(PROPERTY_OF).flatMap(([column, property]): readonly Breach[] =>
    Object.hasOwn(fields, column) && Object.hasOwn(fields, property)
      ? [
          {
            at: ['fields', property],
            value: fields[property],
            rule: `is the column ${column}, which is listed too: leave one of them out`,
            source: FORMAT,
          },
        ]
      : [],
  );
