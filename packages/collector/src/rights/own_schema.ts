import { stamp } from '@parcours/protocol/schema';
import { z } from 'zod';

/** The body of `POST /v1/export-mine` and `POST /v1/erase-mine`. */
export const ownRequest = z
  .looseObject({
    site: z.string('must be text').describe('Id of the site.'),
    key: z.string('must be text').describe('Its public key.'),
    visitor_id: z.string('must be text').min(1).max(100).optional().describe('The visitor that the page knows.'),
    stamp: stamp
      .optional()
      .describe('The choice of that visitor, with its receipt: the proof where the cookie does not travel.'),
  })
  .meta({ id: 'OwnRequest', description: 'A page of the shop that asks for what is recorded of who looks at it.' });

/** The answer to `POST /v1/erase-mine`. */
export const eraseReply = z
  .strictObject({
    log_gone_by: z.iso.date().describe('From this day (UTC) the log has nothing of it either.'),
  })
  .meta({ id: 'EraseReply', description: 'It is recorded, and refused from now on.' });
