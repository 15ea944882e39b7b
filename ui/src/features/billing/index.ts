export { ConsolePage } from './console/ConsolePage';
