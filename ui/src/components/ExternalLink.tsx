import { IconExternalLink } from '@tabler/icons-react';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { useBackend } from '@/backend';
import css from './ExternalLink.module.css';

/** A link that opens in the person's own browser; when that is refused, it says why. */
export function ExternalLink({ href, children }: { href: string; children: ReactNode }) {
  const backend = useBackend();
  const [refused, setRefused] = useState<string | null>(null);
  const open = (event: MouseEvent) => {
    event.preventDefault();
    setRefused(null);
    backend.openExternal(href).catch((error: Error) => setRefused(error.message));
  };
  return (
    <>
      <a className={css.link} href={href} onClick={open} rel="noreferrer">
        {children}
        <IconExternalLink size={14} stroke={1.9} aria-hidden="true" />
      </a>
      {refused && (
        <span className={css.refused} role="alert">
          {refused}
        </span>
      )}
    </>
  );
}
