/** One engine that pages are tried in, driven from outside as a person would drive it. */
export interface BrowserKind {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  /** Starts the browser on a folder that keeps what it stores: opened again on the same folder, it finds it there. */
  open(folder: string, options?: ProfileOptions): Promise<Profile>;
}

export interface ProfileOptions {
  /** Nothing is kept on the device beyond the browser's end. */
  readonly isPrivate?: boolean;
  /** The visitor has forbidden sites to keep anything. */
  readonly blocksCookies?: boolean;
}

/** A running browser. */
export interface Profile {
  newTab(): Promise<Tab>;
  /** As a person ends it: every page is told that it goes. */
  quit(): Promise<void>;
  /** SIGKILL to all its processes, sent before this returns. */
  kill(): Promise<void>;
}

/** An open page. */
export interface Tab {
  /** Resolves with the page's `load`. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page: what goes in and comes out is JSON. */
  run<Args extends readonly unknown[], Result>(
    act: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>;
  /** The tab that a function in the page opens. */
  opens(act: () => void): Promise<Tab>;
  /** A click of the mouse on the first element that matches. Resolves before what it leads to. */
  click(selector: string): Promise<void>;
  /** As a person closes it: the page is told that it goes. */
  close(): Promise<void>;
  /** The machine's network goes or comes back, as far as the browser notices: `navigator.onLine` and its events. */
  setOffline(isOffline: boolean): Promise<void>;
}
