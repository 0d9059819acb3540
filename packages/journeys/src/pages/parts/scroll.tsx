import type { Child } from 'hono/jsx';

/** What may be wider than the window scrolls in itself, by keyboard too; the page never does. */
export const Scroll = ({
  id,
  label,
  children,
}: {
  /** Keeps its place when the page brings itself up to date. */
  readonly id: string;
  readonly label: string;
  readonly children: Child;
}) => (
  <section class="scroll" id={id} aria-label={label} tabindex={0}>
    {children}
  </section>
);
