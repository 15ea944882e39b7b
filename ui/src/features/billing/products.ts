import type { ProviderView } from '@/backend';

/** The products as their makers write them. */
export const PRODUCTS: Record<ProviderView, string> = {
  profitwell: 'ProfitWell',
  alguna: 'Alguna',
  salesforce: 'Salesforce',
};
