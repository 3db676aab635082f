import { surrogatesOf, type Protocol } from '../../../tasks/protocol.ts'
import { mostSteps } from './expected-work.ts'

const MINUTE = 60_000
const LEAST = 2 * MINUTE
const MOST = 30 * MINUTE
/** Milliseconds: many times what a step takes anywhere. */
const PER_STEP = 600

/**
 * How long one rule may take, in milliseconds: a minute for every 100 steps of the protocol's longest evaluation, at least
 * 2 minutes and at most 30. A whole number of minutes that follows from the protocol alone, since failures state it.
 */
export function timeLimit(protocol: Protocol): number {
  const steps = Math.max(...surrogatesOf(protocol).map(mostSteps))
  return Math.min(MOST, Math.max(LEAST, MINUTE * Math.ceil((steps * PER_STEP) / MINUTE)))
}
