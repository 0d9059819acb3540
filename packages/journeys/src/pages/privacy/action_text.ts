import type { AuditAction, AuditActor } from '@parcours/store/audit';
import type { Language } from '../language.ts';

/** What the audit log tells, in words for a privacy team. */
export const actionText: Readonly<Record<Language, Readonly<Record<AuditAction, string>>>> = {
  en: {
    policy_published: 'Policy published',
    site_added: 'Site added',
    site_removed: 'Site removed',
    key_created: 'Key made',
    key_expires: 'Key given an end',
    key_revoked: 'Key revoked',
    subject_exported: 'A person’s data exported',
    subject_erased: 'A person’s data erased',
    opted_out: 'A person opted out',
    retention_run: 'Retention ran',
  },
  fr: {
    policy_published: 'Politique publiée',
    site_added: 'Site ajouté',
    site_removed: 'Site retiré',
    key_created: 'Clé créée',
    key_expires: 'Fin donnée à une clé',
    key_revoked: 'Clé révoquée',
    subject_exported: 'Données d’une personne exportées',
    subject_erased: 'Données d’une personne effacées',
    opted_out: 'Opposition d’une personne',
    retention_run: 'Conservation passée',
  },
};

export const actorText: Readonly<Record<Language, Readonly<Record<AuditActor, string>>>> = {
  en: {
    cli: 'command line',
    program: 'the program itself',
    admin: 'administrator',
    analyst: 'analyst',
    privacy: 'privacy team',
    visitor: 'the person',
  },
  fr: {
    cli: 'ligne de commande',
    program: 'le programme lui-même',
    admin: 'administration',
    analyst: 'analyse',
    privacy: 'équipe vie privée',
    visitor: 'la personne',
  },
};
