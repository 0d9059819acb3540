import type { Language } from './language.ts';

/** Every text of the live page, in both languages. */
export const liveText = {
  en: {
    title: 'Live',
    intro: 'Events as they arrive, with the decision taken.',
    columns: ['Time', 'Site', 'Event', 'Decision', 'Detail'],
    caption: 'The newest events, newest first',
    accepted: 'accepted',
    failed: 'failed',
    filtered: 'filtered',
    pause: 'Pause',
    resume: 'Resume',
    noScript: 'This page follows the stream by JavaScript. The overview does without.',
    waiting: 'No event yet. Open the shop and accept.',
    connected: 'Connected',
    lost: 'Connection lost, trying again',
    paused: 'Paused',
    more: 'more not shown',
    funnel: 'Funnel of the last seven days',
    funnelColumns: ['Step', 'Visitors', 'Of the step before', 'Of the first', 'Median time'],
    funnelNote:
      'Visitors (devices) in order, within seven days of the first step. Bots are left out; an order counts once.',
  },
  fr: {
    title: 'En direct',
    intro: 'Les événements à leur arrivée, avec la décision prise.',
    columns: ['Heure', 'Site', 'Événement', 'Décision', 'Détail'],
    caption: 'Les derniers événements, le plus récent en premier',
    accepted: 'accepté',
    failed: 'en échec',
    filtered: 'filtré',
    pause: 'Mettre en pause',
    resume: 'Reprendre',
    noScript: 'Cette page suit le flux avec JavaScript. La vue d’ensemble s’en passe.',
    waiting: 'Aucun événement pour le moment. Ouvrez la boutique et acceptez.',
    connected: 'Connecté',
    lost: 'Connexion perdue, nouvel essai',
    paused: 'En pause',
    more: 'de plus, non affichés',
    funnel: 'Entonnoir des sept derniers jours',
    funnelColumns: ['Étape', 'Visiteurs', 'De l’étape précédente', 'De la première', 'Temps médian'],
    funnelNote:
      'Visiteurs (appareils), dans l’ordre, dans les sept jours après la première étape. Sans les robots ; une commande compte une fois.',
  },
} as const satisfies Record<Language, Record<string, string | readonly string[]>>;
