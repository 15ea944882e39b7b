import { Autocomplete } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { EndpointView } from '@/backend';
import css from './console.module.css';
import { gapIn } from './draft';

interface Props {
  path: string;
  host: string;
  endpoints: EndpointView[];
  onPath: (path: string) => void;
  onEndpoint: (endpoint: EndpointView) => void;
  onSend: () => void;
}

const keyOf = (endpoint: EndpointView) => `${endpoint.method} ${endpoint.path}`;

/** Calls whose method, path or meaning holds every word typed; paths that begin so come first. */
function matching(endpoints: EndpointView[], typed: string): EndpointView[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = endpoints.filter((one) => {
    const text = `${keyOf(one)} ${one.does}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = (one: EndpointView) => (one.path.startsWith(typed.trim()) ? 0 : 1);
  return found.sort((one, other) => begins(one) - begins(other));
}

/** The option a keyboard has marked in the open list of a field. */
const markedIn = (input: HTMLInputElement): Element | null =>
  document.getElementById(input.getAttribute('aria-controls') ?? '')?.querySelector('[data-combobox-selected]') ?? null;

/** The list leaves the name of an option behind that it no longer shows: nobody may be led there. */
function nameMarked(input: HTMLInputElement) {
  const id = markedIn(input)?.id;
  if (id) input.setAttribute('aria-activedescendant', id);
  else input.removeAttribute('aria-activedescendant');
}

/** The path, with every documented call to choose from. Enter takes the call that is marked, or sends. */
export function PathField({ path, host, endpoints, onPath, onEndpoint, onSend }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const chosen = useRef(false);
  const byKey = new Map(endpoints.map((one) => [keyOf(one), one]));

  // After a call was chosen, what is to be filled in is marked, so that typing replaces it.
  useEffect(() => {
    if (field.current) nameMarked(field.current);
    if (!chosen.current) return;
    chosen.current = false;
    const gap = gapIn(path);
    if (gap) field.current?.setSelectionRange(gap[0], gap[1]);
  }, [path]);

  return (
    <Autocomplete
      ref={field}
      className={css.path}
      aria-label={`Path at ${host}`}
      placeholder="/v2/customers/, or what you want to do"
      data={endpoints.map((one) => ({ value: keyOf(one), label: one.path }))}
      value={path}
      onChange={onPath}
      onOptionSubmit={(key) => {
        const endpoint = byKey.get(key);
        if (!endpoint) return;
        chosen.current = true;
        onEndpoint(endpoint);
      }}
      filter={({ search }) => matching(endpoints, search).map((one) => ({ value: keyOf(one), label: one.path }))}
      limit={60}
      maxDropdownHeight={360}
      comboboxProps={{ shadow: 'xl', width: 'target', transitionProps: { duration: 0 } }}
      renderOption={({ option }) => {
        const endpoint = byKey.get(option.value);
        return (
          <span className={css.option}>
            <span className={css.verb} data-changes={endpoint?.changes || undefined}>
              {endpoint?.method}
            </span>
            <span className={css.optionPath}>{endpoint?.path}</span>
            <span className={css.optionDoes}>{endpoint?.does}</span>
          </span>
        );
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && markedIn(event.currentTarget) === null) {
          event.preventDefault();
          onSend();
        }
      }}
      onKeyUp={(event) => nameMarked(event.currentTarget)}
      onDropdownClose={() => field.current && nameMarked(field.current)}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoCapitalize="off"
      data-testid="console-path"
    />
  );
}
