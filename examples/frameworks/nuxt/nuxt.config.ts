export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  telemetry: false,
  app: { head: { htmlAttrs: { lang: 'en' }, link: [{ rel: 'icon', href: 'data:,' }] } },
  runtimeConfig: {
    // Set by NUXT_PUBLIC_PARCOURS_ENDPOINT where the server starts.
    public: { parcoursEndpoint: 'http://localhost:8787/v1/events' },
  },
});
