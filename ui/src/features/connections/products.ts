import { IconArrowsExchange, IconCloud, IconReceipt2 } from '@tabler/icons-react';
import type { ProviderView } from '@/backend';
import type { IconType } from '@/components';

export type SourceProvider = Exclude<ProviderView, 'salesforce'>;

interface Product {
  name: string;
  icon: IconType;
  /** One line for choosing. */
  purpose: string;
  /** What the product calls its secret. */
  secret: string;
  /** The product's own address. */
  baseUrl: string;
  /** Where a person finds the secret. */
  where: string;
}

export const SOURCES: Record<SourceProvider, Product> = {
  alguna: {
    name: 'Alguna',
    icon: IconArrowsExchange,
    purpose: 'Billing source: customers, subscriptions and their values',
    secret: 'API key',
    baseUrl: 'https://api.alguna.io',
    where: 'In Alguna, under Settings, Developers, API keys. The sandbox has keys of its own.',
  },
  profitwell: {
    name: 'ProfitWell',
    icon: IconReceipt2,
    purpose: 'Billing source: customers, plans and recurring revenue',
    secret: 'Private API token',
    baseUrl: 'https://api.profitwell.com',
    where: 'In ProfitWell, under Account Settings, Integrations, API Keys / Dev Kit.',
  },
};

export const SALESFORCE = {
  name: 'Salesforce',
  icon: IconCloud,
  purpose: 'Where Accounts and Contacts are filled: a sandbox or production',
};

/** Alguna's separate host for trying things out. */
export const ALGUNA_SANDBOX = 'https://api.sandbox.alguna.io';
