/** What a console secret may do. */
export const ROLES = ['admin', 'analyst', 'privacy'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks: the console secret that was shown, by its id, and what it may do. */
export interface Holder {
  /** Names the secret without telling it; another secret never has it. */
  readonly id: string;
  readonly role: Role;
}

/** The console secrets in force. Asked again at every request: what is revoked opens nothing from then on. */
export interface ConsoleSecrets {
  /** Whose a secret is, found in constant time; undefined for a wrong or revoked one. */
  holderOf(secret: string): Holder | undefined;
  /** The holder whose secret has this id, as long as it is in force: what a session refers to. */
  holderWithId(id: string): Holder | undefined;
}
