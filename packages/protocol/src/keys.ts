/**
 * The keys under which web events meet tills, loyalty cards and CRM, each with the purpose that it needs.
 * E-mail and phone never travel here in clear: the collector derives their keyed hashes.
 */
export const JOIN_KEYS = {
  customer_id: 'crm_join',
  loyalty_card: 'crm_join',
  email_hmac: 'crm_join',
  phone_hmac: 'crm_join',
  order_id: 'audience',
  pickup_code: 'audience',
  receipt_code: 'audience',
  coupon: 'audience',
  qr: 'audience',
} as const;

export type JoinKey = keyof typeof JOIN_KEYS;

export type Keys = { [key in JoinKey]?: string | undefined };
