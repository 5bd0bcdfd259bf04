// What is built: five Node entries (the two doors, the SQLite child, the migrations' child, the hashing worker), the preload, and the page both doors serve.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const from = (path: string) => resolve(import.meta.dirname, path)

/**
 * The steps that Roster ships, as text: their source is shown and their checksums are kept. They stand in the bundle, because
 * packages hold no TypeScript files.
 */
const builtinStepTexts = () => {
  const names = readdirSync(from('migrations')).filter((name) => name.endsWith('.ts'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(from(`migrations/${name}`), 'utf8')]))
}

export default defineConfig({
  main: {
    define: { BUILTIN_STEP_TEXTS: JSON.stringify(builtinStepTexts()) },
    build: {
      rollupOptions: {
        input: {
          desktop: from('src/main/index.ts'),
          headless: from('src/headless/index.ts'),
          sqlite: from('src/core/db/sqlite/child.ts'),
          migration: from('src/core/migrations/program/module-child.ts'),
          hashing: from('src/core/users/passwords/hashing-child.ts'),
        },
        // Entries and chunks lie side by side, so that an entry finds its child process beside itself.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      rollupOptions: {
        input: { preload: from('src/preload/index.ts') },
        // A sandboxed preload must be CommonJS (Electron documentation, "Process Sandboxing").
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: from('src/renderer'),
    plugins: [react()],
    build: {
      minify: true,
      // Data URLs would need a wider content policy; every asset is a file of its own instead.
      assetsInlineLimit: 0,
      modulePreload: false,
      rollupOptions: { input: from('src/renderer/index.html') },
    },
  },
})
