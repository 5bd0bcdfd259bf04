// The two things of Electron that the preload uses. Electron's own types would bring all of Node's into the page's project.
export interface PortEvent {
  ports: MessagePort[]
}
export const ipcRenderer: {
  postMessage(channel: string, message: unknown): void
  on(channel: string, listener: (event: PortEvent) => void): void
}
