import type { Objective } from './objective.ts'
import { OBJECTIVES } from './table.ts'

export type ObjectiveName = keyof typeof OBJECTIVES

/** Other metrics that weights may be judged by, by objective; each as the objective with another one. */
const OTHERS: { readonly [Name in ObjectiveName]: Readonly<Record<string, Objective>> } = {
  classification: {},
  regression: {
    mae: {
      ...OBJECTIVES.regression,
      metric: { name: 'mae', better: 'smaller', unit: 'number' },
      sums: (outputs, answers, count) => {
        let sum = 0
        for (let index = 0; index < outputs.length; index++)
          sum += Math.abs(outputs[index]! - answers[index]!)
        return [
          ...OBJECTIVES.regression.sums(outputs, answers, count),
          (sum * count) / outputs.length,
        ]
      },
      score: ([squares = NaN, absolute = NaN], count) => ({
        loss: squares / count,
        metric: absolute / count,
      }),
    },
  },
}

/** Names of the metrics that an objective may be judged by, its own first; `loss` is none but the loss. */
export function metricNames(name: ObjectiveName): readonly string[] {
  const { metric } = OBJECTIVES[name] as Objective
  return [...(metric ? [metric.name] : []), ...Object.keys(OTHERS[name]), 'loss']
}

/**
 * An objective judged by one of {@link metricNames}, its own when absent. `deviation`: what numbers that are told were divided by, so
 * that the metric is in their units.
 */
export function judgedBy(name: ObjectiveName, metric?: string, deviation = 1): Objective {
  const own: Objective = OBJECTIVES[name]
  const objective = metric === undefined ? own : (OTHERS[name][metric] ?? own)
  if (metric === 'loss') {
    const { metric: _, chance: __, ...rest } = own
    return { ...rest, score: (sums, count) => ({ loss: own.score(sums, count).loss }) }
  }
  if (deviation === 1) return objective
  return {
    ...objective,
    score: (sums, count) => {
      const score = objective.score(sums, count)
      return {
        ...score,
        ...(score.metric !== undefined && { metric: score.metric * deviation }),
      }
    },
  }
}
