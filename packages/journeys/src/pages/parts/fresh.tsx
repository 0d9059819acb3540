import type { Child } from 'hono/jsx';
import { frameText } from '../frame_text.ts';
import type { Language } from '../language.ts';

/**
 * A page that brings itself up to date: `/assets/fresh.js` asks its own address again every few seconds and takes over what
 * is inside. Without JavaScript it is brought up to date by loading it again.
 */
export const Fresh = ({
  language,
  title,
  asOf,
  children,
}: {
  readonly language: Language;
  readonly title: string;
  readonly asOf: string;
  readonly children: Child;
}) => {
  const text = frameText[language];
  return (
    <>
      <div class="heading">
        <h1>{title}</h1>
        <div class="controls">
          <span data-fresh="as-of">{asOf}</span>
          <button id="pause" class="quiet" type="button" hidden data-pause={text.pause} data-resume={text.resume}>
            {text.pause}
          </button>
        </div>
      </div>
      <div data-fresh="content">{children}</div>
    </>
  );
};
