import type { Language } from '../language.ts';

/** Every text of the page of what is measured without consent, in both languages. */
export const exemptText = {
  en: {
    title: 'Audience without consent',
    intro:
      'Page views that French law lets a site count without asking (preset cnil-fr-2025): of nobody, and apart from all else.',
    rules:
      'Counts are rounded to the nearest ten, and what is under {k} stands together or is left out. A day (UTC) is told once it is over. So lines do not add up to a total, and are not to be added to events with consent.',
    by: 'Count by',
    path: 'page',
    referrer_host: 'referrer',
    device: 'device',
    browser: 'browser',
    os: 'system',
    screen: 'screen',
    views: 'Page views',
    visitors: 'Visitors of the day',
    together: 'too small to be told apart',
    none: 'none told',
    noneYet: 'There is nothing to tell yet: no day is over on which enough was measured.',
    off: 'The policy in force measures nothing without consent. How to allow it: parcours policy, preset cnil-fr-2025.',
    more: 'Only the newest {n} lines are shown. All of them: parcours export exempt_counts',
    missing: 'The tables did not answer in time. Load the page again in a moment.',
  },
  fr: {
    title: 'Audience sans consentement',
    intro:
      'Les pages vues que le droit français laisse compter sans demander (préréglage cnil-fr-2025) : de personne, et à part de tout le reste.',
    rules:
      'Les comptes sont arrondis à la dizaine, et ce qui est sous {k} est regroupé ou laissé de côté. Un jour (UTC) se dit une fois fini. Les lignes ne font donc pas un total, et ne s’ajoutent pas aux événements avec consentement.',
    by: 'Compter par',
    path: 'page',
    referrer_host: 'site d’origine',
    device: 'appareil',
    browser: 'navigateur',
    os: 'système',
    screen: 'écran',
    views: 'Pages vues',
    visitors: 'Visiteurs du jour',
    together: 'trop petit pour être distingué',
    none: 'non dit',
    noneYet: 'Rien à dire pour l’instant : aucun jour n’est fini où l’on ait assez mesuré.',
    off: 'La politique en vigueur ne mesure rien sans consentement. Pour le permettre : parcours policy, préréglage cnil-fr-2025.',
    more: 'Seules les {n} lignes les plus récentes sont montrées. Toutes : parcours export exempt_counts',
    missing: 'Les tables n’ont pas répondu à temps. Rechargez la page dans un instant.',
  },
} as const satisfies Record<Language, Record<string, string>>;
