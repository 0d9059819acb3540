import { createRouter, createWebHistory } from 'vue-router';
import About from './pages/About.vue';
import Home from './pages/Home.vue';
import Product from './pages/Product.vue';

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: Home, meta: { title: () => 'Home' } },
    { path: '/products/:id', component: Product, props: true, meta: { title: (id: string) => `Product ${id}` } },
    { path: '/about', component: About, meta: { title: () => 'About' } },
  ],
});

router.afterEach(({ meta, params }) => {
  document.title = (meta.title as (id: unknown) => string)(params.id);
});
