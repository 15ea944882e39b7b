export { ConsolePage } from './console/ConsolePage';
export { OperationsPage } from './operations/OperationsPage';
