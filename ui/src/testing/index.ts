export { renderWith } from './renderWith';
export { type Answers, errorOf, type TestBackend, testBackend } from './testBackend';
