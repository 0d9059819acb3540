/** A description as it stands in a document: `code` between backticks, each line a paragraph. */
export const Prose = ({ text }: { readonly text: string | undefined }) => (
  <>
    {(text ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => (
        <p>{line.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</p>
      ))}
  </>
);
