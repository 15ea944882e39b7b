import { suite } from '../support/vitest.ts';

export default suite('browser');
