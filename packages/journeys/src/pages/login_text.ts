import type { Language } from './language.ts';

/** Every text of the sign-in page, in both languages. */
export const loginText = {
  en: {
    title: 'Sign in',
    intro: 'This console shows what your shops record. It opens to whoever holds a console secret.',
    secret: 'Console secret',
    show: 'It was shown once, when it was made.',
    submit: 'Sign in',
    noSecret: 'No secret at hand? On the machine that runs Parcours, this prints a link that signs you in once:',
    wrong: 'This secret opens nothing here: it is mistyped, or it was revoked.',
    empty: 'Enter a console secret.',
    ended: 'Your session has ended. Sign in again.',
    out: 'You are signed out.',
    used: 'This sign-in link was used already, or is older than ten minutes. Ask for another one.',
    wait: 'Too many wrong secrets. Try again in a minute.',
  },
  fr: {
    title: 'Connexion',
    intro: 'Cette console montre ce que vos boutiques enregistrent. Elle s’ouvre à qui détient un secret de console.',
    secret: 'Secret de console',
    show: 'Il a été affiché une seule fois, à sa création.',
    submit: 'Se connecter',
    noSecret:
      'Pas de secret sous la main ? Sur la machine où tourne Parcours, cette commande affiche un lien qui vous connecte une fois :',
    wrong: 'Ce secret n’ouvre rien ici : il est mal saisi, ou il a été révoqué.',
    empty: 'Saisissez un secret de console.',
    ended: 'Votre session est terminée. Reconnectez-vous.',
    out: 'Vous êtes déconnecté.',
    used: 'Ce lien de connexion a déjà servi, ou date de plus de dix minutes. Demandez-en un autre.',
    wait: 'Trop de secrets erronés. Réessayez dans une minute.',
  },
} as const satisfies Record<Language, Record<string, string>>;
