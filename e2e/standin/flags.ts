// Chromium's flags in tests, the same for the browser door and for the stand-in's windows.

export const chromiumFlags = [
  // Chromium's own sandbox needs a user that is not root; the others keep a closed network quiet.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]
