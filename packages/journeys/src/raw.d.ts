/** A file's text, taken in by the bundler: page assets travel inside the program. */
declare module '*?raw' {
  const text: string;
  export default text;
}
