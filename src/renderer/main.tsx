// Starts the page: theme, cache, and the app inside a boundary that never leaves it blank.
import '@mantine/core/styles.css'
import './styles.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { styleNonce } from './link/nonce.ts'
import { isKept, startJournal } from './tables/staged-journal.ts'
import { theme } from './theme.ts'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { createQueryClient } from './ui/query-client.ts'

startJournal()

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root element.')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      getStyleNonce={() => styleNonce()}
    >
      <ErrorBoundary isKept={isKept}>
        <QueryClientProvider client={createQueryClient()}>
          <App />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  </StrictMode>,
)
