import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { frozenPrototype } from './vite.frozen.ts';

// The page is served from tauri://localhost and from plain static servers: every address is relative.
export default defineConfig({
  base: './',
  plugins: [react(), frozenPrototype()],
  optimizeDeps: { rolldownOptions: { plugins: [frozenPrototype()] } },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // In a browser the page talks to the development host.
    proxy: { '/api': process.env.DRAWBRIDGE_DEVHOST ?? 'http://127.0.0.1:17180' },
  },
  build: { target: ['es2022', 'safari16'], assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./src/testing/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    // A busy machine is slow, not wrong; what hangs still fails.
    testTimeout: 20_000,
  },
});
