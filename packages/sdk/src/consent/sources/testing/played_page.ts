import { Window as HappyWindow } from 'happy-dom';

/** A page in which a consent manager is played: its window and document are real, and whatever the manager puts there is free. */
export type PlayedPage = Window & typeof globalThis & Record<string, unknown>;

/** A fresh page, with nothing in it. */
export const createPlayedPage = (): PlayedPage =>
  new HappyWindow({ url: 'https://shop.example/boots?utm_source=mail' }) as unknown as PlayedPage;

/** All that a script could have left in a page: cookies and both storages. */
export const storedIn = ({ document, localStorage, sessionStorage }: PlayedPage): readonly unknown[] => [
  document.cookie,
  { ...localStorage },
  { ...sessionStorage },
];
