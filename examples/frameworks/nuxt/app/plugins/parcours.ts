import { parcours } from '@parcours/sdk/nuxt';

export default defineNuxtPlugin((nuxtApp) => {
  const { parcoursEndpoint } = useRuntimeConfig().public;
  parcours({ endpoint: parcoursEndpoint, site: 'shop', key: 'pk_demo' })(nuxtApp);
});
