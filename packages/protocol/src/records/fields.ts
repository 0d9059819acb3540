import { z } from 'zod';

/** An identifier of the shop's own. */
export const id = z.string().min(1).max(200);

/** A short text that people gave something. */
export const name = z.string().max(500);

/** An amount in units of its currency, as GA4 sends it; the collector stores integer minor units. */
export const money = z.number().min(-1e12).max(1e12);

/** ISO 4217. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR');

/** GA4: a value is nothing without its currency. */
export const needsCurrency = {
  check: (props: { value?: number | undefined; currency?: string | undefined }): boolean =>
    props.value === undefined || props.currency !== undefined,
  fault: { message: 'currency is required with value', path: ['currency'] },
};

/** A path in the page, tags and ids alone. */
export const element = z.string().min(1).max(500);

/** 0 to 1. */
export const share = z.number().min(0).max(1);

/** Milliseconds. */
export const duration = z.number().min(0).max(31_536_000_000);
