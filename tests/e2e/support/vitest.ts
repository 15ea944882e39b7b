import { inProject } from './paths.ts';

/** The settings of a suite in the folder `name`: its tests run one after another, and the first failure ends it. */
export function suite(name: string) {
  const packages = inProject('ui/node_modules');
  return {
    root: inProject(`tests/e2e/${name}`),
    cacheDir: `${packages}/.vite-e2e-${name}`,
    // The tests stand outside the folder that holds their packages.
    resolve: { alias: { 'playwright-core': `${packages}/playwright-core`, 'axe-core': `${packages}/axe-core` } },
    test: {
      include: ['**/*.test.ts'],
      pool: 'forks',
      fileParallelism: false,
      bail: 1,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      teardownTimeout: 5_000,
      reporters: ['verbose'],
    },
  };
}
