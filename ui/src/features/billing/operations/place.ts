import { createContext, useContext } from 'react';
import type { ConnectionView, OperationFormView, OperationKindView } from '@/backend';
import type { Place } from './catalogue';
import type { Fields } from './draft';

/** Where the person is, and how to get elsewhere. */
export interface Here {
  connection: ConnectionView;
  forms: OperationFormView[];
  /** Leads to an operation; `fields` fill its form in, `search` its list. */
  go: (place: Place, options?: { fields?: Fields; batch?: number; several?: boolean }) => void;
  /** Leads to what a user has and had. */
  listSubscriptions: (user: string) => void;
}

const HereContext = createContext<Here | null>(null);
export const HereProvider = HereContext.Provider;

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error('no connection is chosen');
  return here;
}

export function useForm(kind: OperationKindView): OperationFormView {
  const form = useHere().forms.find((one) => one.kind === kind);
  if (!form) throw new Error(`there is no form for ${kind}`);
  return form;
}
