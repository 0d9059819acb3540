import { z } from 'zod';
import { COOKIE_SAFE } from '../visitor_cookie.ts';

const UNSAFE = 'must be the id of a visitor';

/** The body of `POST /v1/link`. */
export const linkRequest = z
  .looseObject({
    visitor_id: z.string(UNSAFE).regex(COOKIE_SAFE, UNSAFE).describe('The visitor that the page knows.'),
    site: z.string('must be text').optional().describe("Which site, where several share the page's origin."),
  })
  .meta({ id: 'LinkRequest', description: 'Who is to be known again on another domain of the shop.' });

/** The answer to `POST /v1/link`. */
export const linkReply = z
  .strictObject({
    token: z
      .string()
      .regex(/^[\w-]+$/)
      .describe('Goes into the links as `pc_link`.'),
    expires_in: z.int().min(1).describe('Seconds.'),
  })
  .meta({ id: 'LinkReply', description: "The token for a page's links." });
