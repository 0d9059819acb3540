import type { Text } from './text.ts';

export const fr: Text = {
  title: 'Vos données dans ce navigateur',
  otherLanguage: 'English version',
  intro: (site) =>
    `Cette page concerne ce qui est mesuré de vos visites sur le site « ${site} ». Elle fonctionne sans script et sans compte : votre navigateur est reconnu par un cookie que personne d’autre ne peut lire ni fabriquer.`,
  status: 'Votre situation',
  known: (since) =>
    `Ce navigateur est connu depuis le ${since} : avec votre consentement, vos visites ont été enregistrées sous un identifiant aléatoire.`,
  unknown:
    'Ce navigateur n’est pas connu : aucune visite enregistrée ne lui appartient, pour autant qu’il puisse le dire.',
  objected: 'Votre opposition à la mesure sans consentement est notée dans ce navigateur, pour 13 mois.',
  stop: {
    title: 'Arrêter la mesure',
    text: 'Retire tous les consentements à la mesure et s’oppose à celle qui n’en demande pas. Dès lors, et jusqu’à un nouvel accord de votre part, tout ce qui arrive de ce navigateur est refusé, et son cookie est supprimé.',
    shop: 'Le bandeau de consentement de la boutique garde votre réponse d’avant jusqu’à ce que vous la changiez ; rien n’est enregistré sous cette réponse.',
    button: 'Ne plus me mesurer',
  },
  take: {
    title: 'Voir ce qui est conservé',
    text: 'Un fichier (JSON) avec tout ce qui est enregistré sous l’identifiant de ce navigateur.',
    none: 'Il n’y a rien à montrer : ce navigateur n’est pas connu.',
    away: 'Demandez une copie à la boutique : elle n’est pas proposée sur cette page.',
    button: 'Télécharger mes données',
  },
  erase: {
    title: 'Effacer',
    text: 'Supprime ce qui est enregistré sous l’identifiant de ce navigateur, et refuse tout ce qui arriverait encore sous ce nom.',
    none: 'Il n’y a rien à effacer : ce navigateur n’est pas connu.',
    button: 'Effacer mes données…',
    sure: 'Effacer ce qui est enregistré ?',
    what: 'Tout ce qui est enregistré sous l’identifiant de ce navigateur disparaît, de tous les rapports et de toutes les tables.',
    final: 'C’est irréversible, pour la boutique aussi.',
    stopToo: 'Ne plus me mesurer non plus à l’avenir',
    confirm: 'Effacer définitivement',
    back: 'Revenir sans rien effacer',
  },
  scope: {
    title: 'Ce que cette page n’atteint pas',
    text: 'Un navigateur prouve qu’il est ce navigateur, pas qui vous êtes : d’autres l’utilisent peut-être aussi. Votre compte client, une carte de fidélité, vos achats en magasin et vos visites avec d’autres appareils ne sont donc ni montrés ni effacés ici.',
    shop: 'Pour tout cela, adressez-vous à la boutique : ses mentions légales disent comment la joindre.',
  },
  done: {
    stopped: 'C’est fait. Plus rien n’est enregistré de ce navigateur, et son cookie est supprimé.',
    objected:
      'C’est fait : votre opposition est notée dans ce navigateur. Il n’est pas connu ici, il n’y avait donc aucun consentement à retirer ; si vous avez accepté dans le bandeau de la boutique, retirez-le là.',
    erased:
      'C’est fait. Dès cet instant, tout ce qui arrive sous l’ancien identifiant est refusé ; rapports et tables l’oublient en quelques minutes, et son cookie est supprimé.',
    log: (day) =>
      `Le journal brut, dans lequel aucun rapport n’est lu, n’en contiendra plus rien au plus tard le ${day}.`,
    nobody: 'Ce navigateur n’est pas connu : rien n’a donc été effacé.',
  },
  failedTitle: 'Cela n’a pas fonctionné',
  failed: {
    unknown_site: 'Ce site n’existe pas ici. Suivez le lien sur la page de la boutique.',
    not_found: 'Ce formulaire n’existe pas ici. Revenez à la page et réessayez.',
    origin_not_allowed:
      'Cette demande n’a pas été envoyée par cette page même : rien n’a été fait. Ouvrez la page et utilisez ses boutons.',
    rate_limited: 'Trop de demandes viennent de votre réseau. Attendez quelques secondes et réessayez.',
    body_too_large: 'Le formulaire est plus grand qu’il ne peut l’être.',
    store_unavailable: 'La demande n’a pas pu être inscrite : elle n’est pas faite. Réessayez dans quelques secondes.',
    overloaded: 'Trop de demandes sont en cours : celle-ci n’est pas faite. Réessayez dans quelques secondes.',
    tables_unavailable:
      'Les données ne peuvent pas être lues pour le moment. Réessayez dans une minute ; l’arrêt fonctionne quand même.',
    other:
      'Quelque chose a échoué de notre côté, et rien n’est promis. Réessayez plus tard ou adressez-vous à la boutique.',
  },
};
