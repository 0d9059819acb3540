import type { EventMap } from '@parcours/protocol';
import { captureUntil } from './capture.ts';
import { elementsOf } from './element_path.ts';
import { type Field, fieldName, writtenName } from './field_name.ts';
import { onLeaving } from './leaving.ts';
import type { Observer } from './observer.ts';

/** How a field of a begun form goes. */
interface Filling {
  readonly name: string;
  /** Ms that the focus was in it, but for the visit that lasts. */
  ms: number;
  /** Times that it was entered after another; 0 where it was only refused. */
  entries: number;
  isRefused: boolean;
}

/** A form that somebody has begun. */
interface Begun {
  readonly startedAt: number;
  readonly fields: Map<Field, Filling>;
  last: Field;
  lastAt: number;
  /** Something was entered since it was last told as abandoned. */
  isFresh: boolean;
}

const BUTTON = /^(submit|button|reset|image)$/;

/** Fields that are told one by one: those of a long form would fill an event. */
const MAX_FIELDS = 30;

/** A field that is refused so soon after a key was checked by the page while somebody types: nobody was told. */
const TYPING_MS = 50;

/**
 * Forms: `form_start` at the first field that is focused or changed, `form_submit` at each submit, `form_abandon` when
 * the page is left with the form begun and unsent; again only if a field was entered since. A visitor who comes back may
 * still submit: then the submit counts. Names of fields, counts and times; values are never read.
 *
 * Of each field is told how long the focus was in it, how often it was entered again, and whether its check failed: the
 * browser refused the form for it, or the page has it marked `aria-invalid` when the form is told. One that was refused
 * and never entered is told too.
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
  /** When something was typed last, on the events' clock. */
  let typedAt = -TYPING_MS;
  /** Where the focus is, and since when. */
  let visit: Filling | undefined;
  let since = 0;

  const endVisit = (): void => {
    if (visit) visit.ms += performance.now() - since;
    visit = current = undefined;
  };

  const abandoned = (): void => {
    endVisit();
    for (const [form, state] of begun) {
      if (!state.isFresh) continue;
      state.isFresh = false;
      const { last, fields, startedAt, lastAt } = state;
      track('form_abandon', {
        ...namesOf(form),
        field: fields.get(last)?.name,
        fields: [...fields.values()].filter(({ entries }) => entries).length,
        duration_ms: Math.round(lastAt - startedAt),
        per_field: perField(fields),
      } satisfies EventMap['form_abandon']);
    }
  };

  const started = (form: HTMLFormElement, field: Field, now: number): Begun => {
    const state = { startedAt: now, fields: new Map<Field, Filling>(), last: field, lastAt: now, isFresh: true };
    track('form_start', { ...namesOf(form), field: fieldName(field, form) } satisfies EventMap['form_start']);
    begun.set(form, state);
    watch(field.getRootNode());
    return state;
  };

  const entered = (event: Event): void => {
    const isFocus = event.type === 'focusin';
    if (!isFocus) typedAt = event.timeStamp;
    if (event.composedPath()[0] === current) return;
    const found = fieldOf(event);
    if (!found) return;
    const { field, form } = found;
    if (path !== location?.pathname) {
      path = location?.pathname;
      abandoned();
      begun.clear();
    }
    const known = begun.get(form);
    if (!known && isFocus && field.autofocus) return;
    const now = performance.now();
    const state = known ?? started(form, field, now);
    const filling = fillingOf(state, field, form);
    if (!filling.entries || state.last !== field) filling.entries++;
    // What a browser fills in elsewhere at one go takes no time from the field that has the focus.
    if (isFocus) endVisit();
    if (!visit) since = now;
    visit ??= filling;
    Object.assign(state, { last: field, lastAt: now, isFresh: true });
    current = field;
  };

  const refused = (event: Event): void => {
    const found = fieldOf(event);
    const state = found && begun.get(found.form);
    if (state && event.timeStamp - typedAt >= TYPING_MS) fillingOf(state, found.field, found.form).isRefused = true;
  };

  const submitted = (event: Event): void => {
    const [form] = elementsOf(event) as HTMLFormElement[];
    if (!form) return;
    endVisit();
    const state = begun.get(form);
    begun.delete(form);
    track('form_submit', {
      ...namesOf(form),
      duration_ms: state && Math.round(performance.now() - state.startedAt),
      corrections: state && [...state.fields.values()].reduce((sum, filling) => sum + correctionsOf(filling), 0),
      per_field: state && perField(state.fields),
    } satisfies EventMap['form_submit']);
  };

  /** Of what happens in a shadow root some stays in it: a submit, a refusal, a focus that moves within. */
  const watch = (root: Node | undefined): void => {
    if (!root || roots.has(root)) return;
    roots.add(root);
    listen(root, 'focusin', entered);
    listen(root, 'input', entered);
    listen(root, 'focusout', endVisit);
    listen(root, 'invalid', refused);
    listen(root, 'submit', submitted);
  };

  watch(document);
  onLeaving(context, abandoned);
};

/** The field that an event is about and its form, if there is one that counts. */
const fieldOf = (event: Event): { readonly field: Field; readonly form: HTMLFormElement } | undefined => {
  const [field] = elementsOf(event) as Field[];
  const form = field?.matches('input,select,textarea') && !BUTTON.test(field.type) && field.form;
  return field && form ? { field, form } : undefined;
};

const fillingOf = ({ fields }: Begun, field: Field, form: HTMLFormElement): Filling => {
  const known = fields.get(field);
  if (known) return known;
  const filling = { name: fieldName(field, form), ms: 0, entries: 0, isRefused: false };
  fields.set(field, filling);
  return filling;
};

const correctionsOf = ({ entries }: Filling): number => Math.max(0, entries - 1);

const perField = (fields: Begun['fields']) =>
  [...fields].slice(0, MAX_FIELDS).map(([field, filling]) => ({
    field: filling.name,
    ms: Math.round(filling.ms),
    corrections: correctionsOf(filling),
    invalid: filling.isRefused || field.getAttribute('aria-invalid') === 'true' || undefined,
  }));

const namesOf = (form: HTMLFormElement) => ({
  form_id: writtenName(form, 'id'),
  form_name: writtenName(form, 'name'),
});
