import { z } from 'zod'

/** {@link Metric} as a file or a module says it. */
export const metricSchema = z.strictObject({
  name: z.string().min(1).max(40),
  better: z.enum(['larger', 'smaller']),
  unit: z.enum(['share', 'number']).default('number'),
})

/** What weights are judged by beside their loss. */
export interface Metric {
  /** What tables call it: `accuracy`, `perplexity`. */
  readonly name: string
  readonly better: 'larger' | 'smaller'
  /** A share, from 0 to 1, is shown in percent. */
  readonly unit: 'share' | 'number'
}

/** The share of right answers. */
export const ACCURACY: Metric = { name: 'accuracy', better: 'larger', unit: 'share' }

/** A value of `metric` as a score, more being better: itself or its negative. */
export function worth(metric: Metric, value: number): number {
  // Not -value, which makes -0 of 0.
  return metric.better === 'larger' ? value : 0 - value
}
