import { ParcoursProvider } from '@parcours/sdk/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { Layout } from './layout';
import { About, Home, Product } from './pages';

const options = {
  endpoint: import.meta.env.VITE_PARCOURS_ENDPOINT ?? 'http://localhost:8787/v1/events',
  site: 'shop',
  key: 'pk_demo',
};

const router = createBrowserRouter([
  {
    element: <Layout />,
    children: [
      { path: '/', element: <Home /> },
      { path: '/products/:id', element: <Product /> },
      { path: '/about', element: <About /> },
    ],
  },
]);

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <ParcoursProvider options={options}>
      <RouterProvider router={router} />
    </ParcoursProvider>
  </StrictMode>,
);
