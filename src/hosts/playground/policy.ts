import { policyWith } from '../serving/answer.ts'

/** What the page may load and run: files of its own server, and WebAssembly. */
export const PAGE_POLICY = policyWith({ 'script-src': "'self' 'wasm-unsafe-eval'" })

/** Training runs what a rule is compiled to, in a worker of its own that has no page. */
const TRAINING_POLICY = policyWith({
  'script-src': "'self' 'wasm-unsafe-eval' 'unsafe-eval'",
})

/** What a file of the page may load and run. */
export const policyOf = (path: string): string =>
  path.endsWith('workers/train.js') ? TRAINING_POLICY : PAGE_POLICY
