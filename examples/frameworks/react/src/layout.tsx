import { Link, Outlet } from 'react-router';
import { Consent } from './consent';

export function Layout() {
  return (
    <>
      <nav>
        <Link to="/">Home</Link> <Link to="/products/tent">Tent</Link> <Link to="/about">About</Link>
      </nav>
      <main>
        <Outlet />
      </main>
      <Consent />
    </>
  );
}
