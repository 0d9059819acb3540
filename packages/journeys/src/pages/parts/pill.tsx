import type { Child } from 'hono/jsx';

/** A state in a word. The word says it; the colour only helps. */
export const Pill = ({
  tone,
  children,
}: {
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly children: Child;
}) => <span class={`pill ${tone}`}>{children}</span>;
