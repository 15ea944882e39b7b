import { Suspense, useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Band } from './Band';
import { Navigation } from './Navigation';
import { Palette } from './Palette';
import css from './Shell.module.css';

/** The frame of every screen: band, navigation, page. */
export function Shell() {
  const [finding, setFinding] = useState(false);
  const page = useRef<HTMLElement>(null);
  const { pathname } = useLocation();

  // What had the focus may be gone with the screen before: then the keyboard goes on in the new one.
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (document.activeElement === document.body) page.current?.focus({ preventScroll: true });
  }, [pathname]);

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
      <button type="button" className={css.skip} onClick={() => page.current?.focus()}>
        Skip to the screen
      </button>
      <Band />
      <Navigation onFind={() => setFinding(true)} />
      <main className={css.main} id="page" ref={page} tabIndex={-1}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <Palette opened={finding} onClose={() => setFinding(false)} />
    </div>
  );
}
