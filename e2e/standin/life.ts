// How far the app has come; what Electron allows depends on it.

export const life = { isReady: false, isQuitting: false }
