/**
 * A shop of two pages that tells its purchase. `FORGET=purchase` makes it forget to, as a careless change would;
 * its tests find that out.
 */
import { createServer } from 'node:http';

const { COLLECTOR_URL = 'http://localhost:9090', SHOP_PORT = '3000', FORGET = '' } = process.env;

const page = (title, body, script = '') => `<!doctype html>
<html lang="en">
<title>${title}</title>
<link rel="icon" href="data:,">
<script async src="${COLLECTOR_URL}/p.js" data-site="shop" data-key="pk_demo"></script>
<script>
  // Calls before the script is there are kept by this stub, which docs/install.md has in full.
  window.parcours = { q: [] };
  for (const name of ['track', 'consent']) parcours[name] = (...args) => void parcours.q.push([name, args]);
  if (localStorage.consent) parcours.consent({ audience: true });
</script>
<h1>${title}</h1>
${body}
<button id="accept">Accept measurement</button>
<script>
  accept.hidden = Boolean(localStorage.consent);
  accept.onclick = () => {
    localStorage.consent = 'yes';
    accept.hidden = true;
    parcours.consent({ audience: true });
  };
  ${script}
</script>
</html>`;

const purchase = {
  transaction_id: 'W-1001',
  currency: 'EUR',
  value: 119.9,
  items: [{ item_id: 'SKU-1042', item_name: 'Walking boot', price: 119.9, quantity: 1 }],
};

const pages = {
  '/': () => page('Walking boot', '<p>119.90 €</p><a href="/thanks">Buy now</a>'),
  '/thanks': () =>
    page(
      'Thank you',
      '<p>Your order: W-1001</p>',
      FORGET === 'purchase' ? '' : `parcours.track('purchase', ${JSON.stringify(purchase)});`,
    ),
};

createServer((request, response) => {
  const body = pages[new URL(request.url, 'http://shop').pathname]?.();
  response.writeHead(body ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}).listen(Number(SHOP_PORT), () => console.log(`shop: http://localhost:${SHOP_PORT}`));
