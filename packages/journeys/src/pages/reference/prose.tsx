/** One line of a description: `code` between backticks. */
export const Line = ({ text }: { readonly text: string }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);

/** A description as it stands in a document, each line a paragraph. */
export const Prose = ({ text }: { readonly text: string | undefined }) => (
  <>
    {(text ?? '')
      .split('\n')
      .filter(Boolean)
      .map((line) => (
        <p>
          <Line text={line} />
        </p>
      ))}
  </>
);
