import { policyWith } from '../serving/answer.ts'

/** What the page may load and run: files of its own server, and WebAssembly. */
export const PAGE_POLICY = policyWith({ 'script-src': "'self' 'wasm-unsafe-eval'" })
