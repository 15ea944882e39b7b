export * from './backend';
export type * from './bindings';
export { chooseBackend } from './choose';
export { BackendProvider, useBackend } from './context';
export * from './pages';
export * from './progress';
export * from './queries';
