import { parcours } from '@parcours/sdk/vue';
import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router';

createApp(App)
  .use(router)
  .use(parcours, {
    endpoint: import.meta.env.VITE_PARCOURS_ENDPOINT ?? 'http://localhost:8787/v1/events',
    site: 'shop',
    key: 'pk_demo',
  })
  .mount('#app');
