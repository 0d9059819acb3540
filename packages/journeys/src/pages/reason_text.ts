import type { DropCode, FailedCode, FilteredCode } from '@parcours/protocol';
import type { Language } from './language.ts';

/** Why items did not become rows, and what to do about it, in words for whoever looks after a shop. */
export interface ReasonText {
  readonly failed: Readonly<Record<FailedCode, string>>;
  readonly filtered: Readonly<Record<FilteredCode, string>>;
  readonly dropped: Readonly<Record<DropCode, string>>;
}

export const reasonText: Readonly<Record<Language, ReasonText>> = {
  en: {
    failed: {
      not_an_object: 'An event was no object. Look at the code that sends it.',
      event_too_large: 'An event was over the size limit. Send less with it.',
      too_deep: 'An event was nested too deep. Flatten its fields.',
      too_many_keys: 'An event had too many fields. Send fewer.',
      forbidden_key: 'An event used a reserved name. Rename the field.',
      number_out_of_range: 'A number was too large or too small.',
      invalid_field: 'A field is missing or has the wrong form. The table “failed” names it.',
      unreadable: 'The tables could not take it. It is kept and can be repaired.',
      too_old: 'An event was dated further back than its key may write.',
    },
    filtered: {
      consent_missing: 'The event carried no consent. Nothing of it is kept.',
      consent_malformed: 'Its consent could not be read. Nothing of it is kept.',
      consent_expired: 'The visitor’s choice is too old: the banner has to ask again.',
      consent_denied: 'The visitor did not agree to this purpose. This is as it should be.',
      consent_forged: 'Its receipt was not given for this choice and this visitor. Nothing of it is kept.',
      consent_withdrawn: 'The visitor took the choice back. This is as it should be.',
      subject_erased: 'The person was erased. This is as it should be.',
      policy_unknown: 'It names a consent policy that was never published for this site.',
      event_not_allowed: 'The consent policy takes no events of this type.',
      exempt_not_alone: 'What is measured without consent came together with what names a visitor.',
      objected: 'The visitor objected to being measured without consent.',
    },
    dropped: {
      hold_full: 'More happened before the visitor chose than a browser keeps in memory.',
      queue_full: 'A browser was offline for long and let its oldest events go.',
      queue_expired: 'Events waited longer in a browser than they are kept there.',
      too_large: 'The browser did not send an event over the size limit.',
      not_serialisable: 'An event held something that cannot be sent, such as a function.',
      refused: 'The collector refused the whole request: check site, key and origin.',
      before_send: 'The shop’s own beforeSend let it go.',
      failed: 'The collector said that the event failed; it is counted there too.',
    },
  },
  fr: {
    failed: {
      not_an_object: 'Un événement n’était pas un objet. Voyez le code qui l’envoie.',
      event_too_large: 'Un événement dépassait la taille permise. Envoyez-en moins.',
      too_deep: 'Un événement était trop imbriqué. Aplatissez ses champs.',
      too_many_keys: 'Un événement avait trop de champs. Envoyez-en moins.',
      forbidden_key: 'Un événement utilisait un nom réservé. Renommez le champ.',
      number_out_of_range: 'Un nombre était trop grand ou trop petit.',
      invalid_field: 'Un champ manque ou n’a pas la bonne forme. La table « failed » le nomme.',
      unreadable: 'Les tables n’ont pas pu le prendre. Il est gardé et peut être réparé.',
      too_old: 'Un événement était daté plus loin en arrière que sa clé ne le permet.',
    },
    filtered: {
      consent_missing: 'L’événement ne portait aucun consentement. Rien n’en est gardé.',
      consent_malformed: 'Son consentement était illisible. Rien n’en est gardé.',
      consent_expired: 'Le choix du visiteur est trop ancien : le bandeau doit redemander.',
      consent_denied: 'Le visiteur n’a pas accepté cette finalité. C’est comme il se doit.',
      consent_forged: 'Son reçu n’a pas été donné pour ce choix et ce visiteur. Rien n’en est gardé.',
      consent_withdrawn: 'Le visiteur a retiré son choix. C’est comme il se doit.',
      subject_erased: 'La personne a été effacée. C’est comme il se doit.',
      policy_unknown: 'Il nomme une politique de consentement jamais publiée pour ce site.',
      event_not_allowed: 'La politique de consentement ne prend pas d’événements de ce type.',
      exempt_not_alone: 'Une mesure sans consentement est arrivée avec ce qui désigne un visiteur.',
      objected: 'Le visiteur s’est opposé à la mesure sans consentement.',
    },
    dropped: {
      hold_full: 'Il s’est passé plus de choses avant le choix qu’un navigateur n’en garde en mémoire.',
      queue_full: 'Un navigateur longtemps hors ligne a laissé ses plus anciens événements.',
      queue_expired: 'Des événements ont attendu dans un navigateur plus longtemps qu’ils n’y sont gardés.',
      too_large: 'Le navigateur n’a pas envoyé un événement trop gros.',
      not_serialisable: 'Un événement contenait ce qui ne s’envoie pas, comme une fonction.',
      refused: 'Le collecteur a refusé toute la requête : vérifiez site, clé et origine.',
      before_send: 'Le beforeSend de la boutique l’a laissé partir.',
      failed: 'Le collecteur a répondu que l’événement est en échec ; il y est compté aussi.',
    },
  },
};
