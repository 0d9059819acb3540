import { html } from '../html.mjs';

/** The path that leads nowhere. @returns {import('./layout.mjs').Page} */
export const notFound = () => ({
  name: 'not_found',
  title: 'Not found',
  status: 404,
  main: html`<h1>This path ends here</h1>
<p class="lead">The page does not exist, or has moved.</p>
<p><a class="button" href="/products">See all products</a></p>`,
});
