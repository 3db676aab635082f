import { policyWith } from '../serving/answer.ts'

/** What the page may load and run: files of its own server, and WebAssembly. */
export const PAGE_POLICY = policyWith({ 'script-src': "'self' 'wasm-unsafe-eval'" })

/** Workers that run programs: steps become functions of JavaScript. Neither the page nor the other workers evaluate texts. */
const EVALUATING: ReadonlySet<string> = new Set(['race', 'train', 'views'])

const EVALUATING_POLICY = policyWith({
  'script-src': "'self' 'wasm-unsafe-eval' 'unsafe-eval'",
})

/** The policy of a file of the built page; a worker has that of its own file, not that of the page. */
export function policyOf(path: string): string {
  const worker = /^\/workers\/([\w-]+)\.js$/.exec(path)?.[1]
  return worker !== undefined && EVALUATING.has(worker) ? EVALUATING_POLICY : PAGE_POLICY
}
