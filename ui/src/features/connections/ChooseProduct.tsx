import { IconChevronRight } from '@tabler/icons-react';
import type { ProviderView } from '@/backend';
import { useFocus } from '@/components';
import css from './Dialogs.module.css';
import { SALESFORCE, SOURCES } from './products';

const PRODUCTS = [
  { provider: 'alguna' as ProviderView, ...SOURCES.alguna },
  { provider: 'profitwell' as ProviderView, ...SOURCES.profitwell },
  { provider: 'salesforce' as ProviderView, ...SALESFORCE },
];

/** The first step: which product. */
export function ChooseProduct({ onChoose }: { onChoose: (provider: ProviderView) => void }) {
  const first = useFocus<HTMLButtonElement>();
  return (
    <ul className={css.products}>
      {PRODUCTS.map(({ provider, name, purpose, icon: Icon }, place) => (
        <li key={provider}>
          <button
            ref={place === 0 ? first : undefined}
            data-autofocus={place === 0 || undefined}
            type="button"
            className={css.product}
            onClick={() => onChoose(provider)}
          >
            <span className={css.mark} aria-hidden="true">
              <Icon size={20} stroke={1.6} />
            </span>
            <span className={css.grow}>
              <b>{name}</b>
              <span className={css.purpose}>{purpose}</span>
            </span>
            <IconChevronRight size={16} stroke={1.75} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
