import { Suspense, useEffect, useState } from 'react';
import { Outlet } from 'react-router';
import { Band } from './Band';
import { Navigation } from './Navigation';
import { Palette } from './Palette';
import css from './Shell.module.css';

/** The frame of every screen: band, navigation, page. */
export function Shell() {
  const [finding, setFinding] = useState(false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setFinding((now) => !now);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className={css.app}>
      <Band />
      <Navigation onFind={() => setFinding(true)} />
      <main className={css.main} id="page">
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <Palette opened={finding} onClose={() => setFinding(false)} />
    </div>
  );
}
