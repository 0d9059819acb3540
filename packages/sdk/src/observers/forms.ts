import { captureUntil } from './capture.ts';
import { elementsOf } from './element_path.ts';
import { type Field, fieldName, writtenName } from './field_name.ts';
import { onLeaving } from './leaving.ts';
import type { Observer } from './observer.ts';

/** A form that somebody has begun. */
interface Begun {
  readonly startedAt: number;
  readonly fields: Set<Field>;
  last: Field;
  lastAt: number;
  corrections: number;
  /** Something was entered since it was last told as abandoned. */
  isFresh: boolean;
}

const BUTTON = /^(submit|button|reset|image)$/;

/**
 * Forms: `form_start` at the first field that is focused or changed, `form_submit` at each submit, `form_abandon` when
 * the page is left with the form begun and unsent; again only if a field was entered since. A visitor who comes back may
 * still submit: then the submit counts. Names of fields, counts and times; values are never read.
 *
 * A correction is a field that is entered again after another. A field that the page focuses by `autofocus` begins
 * nothing. Forms in open shadow roots count, fields without a form and all within `data-pc-ignore` do not. A form that
 * a script sends by `form.submit()` makes no event, and passes for abandoned.
 */
export const forms: Observer = (context) => {
  const { track, scope, signal } = context;
  const { document, location } = scope;
  const listen = captureUntil(signal);
  const begun = new Map<HTMLFormElement, Begun>();
  const roots = new WeakSet<Node>();
  let path = location?.pathname;
  /** The field that is being filled in: its further events, one a key, say nothing new. */
  let current: Field | undefined;

  const abandoned = (): void => {
    current = undefined;
    for (const [form, state] of begun) {
      if (!state.isFresh) continue;
      state.isFresh = false;
      const { last, fields, startedAt, lastAt } = state;
      const duration_ms = Math.round(lastAt - startedAt);
      track('form_abandon', { ...namesOf(form), field: fieldName(last, form), fields: fields.size, duration_ms });
    }
  };

  const started = (form: HTMLFormElement, field: Field, now: number): Begun => {
    const state = { startedAt: now, fields: new Set<Field>(), last: field, lastAt: now, corrections: 0, isFresh: true };
    track('form_start', { ...namesOf(form), field: fieldName(field, form) });
    begun.set(form, state);
    // A submit stays in its shadow root.
    const root = field.getRootNode();
    if (root !== document && !roots.has(root)) {
      roots.add(root);
      listen(root, 'submit', submitted);
    }
    return state;
  };

  const entered = (event: Event): void => {
    if (event.composedPath()[0] === current) return;
    const [field] = elementsOf(event) as Field[];
    const form = field?.matches('input,select,textarea') && !BUTTON.test(field.type) && field.form;
    if (!field || !form) return;
    if (path !== location?.pathname) {
      path = location?.pathname;
      abandoned();
      begun.clear();
    }
    const known = begun.get(form);
    if (!known && event.type === 'focusin' && field.autofocus) return;
    const now = performance.now();
    const state = known ?? started(form, field, now);
    if (state.fields.has(field) && state.last !== field) state.corrections++;
    state.fields.add(field);
    Object.assign(state, { last: field, lastAt: now, isFresh: true });
    current = field;
  };

  const submitted = (event: Event): void => {
    const [form] = elementsOf(event) as HTMLFormElement[];
    if (!form) return;
    const state = begun.get(form);
    begun.delete(form);
    current = undefined;
    track('form_submit', {
      ...namesOf(form),
      duration_ms: state && Math.round(performance.now() - state.startedAt),
      corrections: state?.corrections,
    });
  };

  listen(document, 'focusin', entered);
  listen(document, 'input', entered);
  listen(document, 'submit', submitted);
  onLeaving(context, abandoned);
};

const namesOf = (form: HTMLFormElement) => ({
  form_id: writtenName(form, 'id'),
  form_name: writtenName(form, 'name'),
});
