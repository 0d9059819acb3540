import type { Child } from 'hono/jsx';

/** A word in a box above the content: how something went, or what is wrong and what to do. */
export const Notice = ({
  kind,
  id,
  children,
}: {
  readonly kind: 'good' | 'plain' | 'warn' | 'bad';
  readonly id?: string;
  readonly children: Child;
}) => (
  <div class={`notice ${kind}`} id={id} role={kind === 'bad' ? 'alert' : 'status'}>
    {children}
  </div>
);
