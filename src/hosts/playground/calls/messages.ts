/** What goes to a worker. */
export type ToWorker =
  | { readonly kind: 'ask'; readonly id: number; readonly question: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  /** Comes with a port, on which something else is spoken. */
  | { readonly kind: 'connect' }

/** What comes back: `progress` any number of times before the answer or the failure. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly reason: string }
