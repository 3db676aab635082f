import type { Transport } from '@codemirror/lsp-client'

/** What a client of the language server sends and hears, over a port of messages. */
export function portTransport(port: MessagePort): Transport {
  const listeners = new Map<(value: string) => void, (event: MessageEvent) => void>()
  port.start()
  return {
    send: (message) => port.postMessage(JSON.parse(message)),
    subscribe: (handler) => {
      const listener = ({ data }: MessageEvent): void => handler(JSON.stringify(data))
      listeners.set(handler, listener)
      port.addEventListener('message', listener)
    },
    unsubscribe: (handler) => {
      const listener = listeners.get(handler)
      if (listener !== undefined) port.removeEventListener('message', listener)
      listeners.delete(handler)
    },
  }
}
