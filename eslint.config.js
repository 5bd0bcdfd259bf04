// The house rules a machine can hold. To change a layer, change the table in its own commit.
import { existsSync } from 'node:fs'
import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { noShell } from './eslint.guards.ts'
import { layerRules } from './eslint.layers.ts'

// What packs has packages of its own; without their types it cannot be looked at.
const packaging = existsSync(new URL('packaging/node_modules', import.meta.url)) ? [] : ['packaging/']

export default tseslint.config(
  { ignores: [...packaging, 'out/', 'node_modules/', 'artifacts/', 'e2e/fixtures/', 'bench/results/'] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports: a name is the same everywhere.' },
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Show text as text: data may hold markup.',
        },
        { selector: 'NewExpression[callee.name="Function"]', message: 'No code from strings.' },
        ...noShell,
      ],
      'no-eval': 'error',
    },
  },
  { files: ['*.config.ts', '*.js', 'packaging/vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // A fixed command without any data in it, and only where Windows has npm as a batch file alone.
  { files: ['scripts/setup.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  // Playwright reads the names of the fixtures a test wants from its first parameter, also when it wants none.
  { files: ['e2e/**'], rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] } },
  { files: ['src/renderer/**/*.{ts,tsx}'], ...reactHooks.configs.flat['recommended-latest'] },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        URL: 'readonly',
        process: 'readonly',
        console: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
      },
    },
  },
  ...layerRules,
)
