import type { Child } from 'hono/jsx';

/** A card with one figure, its name above and a word about it below. */
export const Stat = ({
  name,
  value,
  note,
  tone = 'plain',
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: Child;
  readonly tone?: 'plain' | 'bad';
}) => (
  <div class="stat card">
    <dt>{name}</dt>
    <dd class={tone}>{value}</dd>
    {note !== undefined && <dd class="note">{note}</dd>}
  </div>
);
