import type { Metric } from '../../../tasks/metric.ts'
import { createProgress } from '../progress.ts'
import type { World } from '../world.ts'
import { lossText, type Entry, type Run, type Watcher } from './contest.ts'
import { canDrawInPlace, createLiveCurves, type LiveCurvesOptions } from './live-curves.ts'
import { metricText, speedText } from './summary.ts'

/** How a contest is shown while it is held. */
export interface ContestShow {
  readonly watcher: Watcher
  /** Takes away what was drawn; curves of a contest that was interrupted stay: of runs that had not finished nothing else is shown. */
  readonly end: (isInterrupted: boolean) => void
}

/** Shows a contest on standard error: as curves that grow, where that is wanted and a terminal is there, else as a bar or lines. */
export function showContest(
  world: World,
  { isDrawn, ...options }: LiveCurvesOptions & { readonly isDrawn: boolean },
): ContestShow {
  const curves = isDrawn && canDrawInPlace(world) ? createLiveCurves(world, options) : undefined
  const progress = curves ?? createProgress(world, options)
  return {
    watcher: {
      progress: (steps, now) => progress.update(steps, now),
      chosen: (entry) => progress.log(chosenText(entry)),
      finished: (entry, run) => progress.log(finishedText(entry, run, options.metric)),
      ...(curves && { moved: curves.moved }),
    },
    end: (isInterrupted) => {
      if (isInterrupted && curves !== undefined) curves.leave()
      else progress.end()
    },
  }
}

function chosenText({ contender, learningRate, rivals, failed }: Entry): string {
  if (failed !== undefined) return `${contender.label}: ${failed}; not trained`
  const rate = learningRate === undefined ? 'no learning rate' : `lr ${learningRate}`
  return `${contender.label}: ${rate}${rivals.length > 0 ? `, the best of ${rivals.length} at full length` : ''}`
}

function finishedText(
  { contender }: Entry,
  { seed, result }: Run,
  metric: Metric | undefined,
): string {
  const value = result.testMetric ?? result.finalMetric
  const loss = result.testLoss ?? result.finalLoss
  const scores = [
    ...(result.diverged ? [`diverged at step ${result.diverged.step}`] : []),
    ...(value === undefined || metric === undefined
      ? []
      : [`${metric.name} ${metricText(metric, value)}`]),
    ...(loss === undefined ? [] : [`loss ${lossText(loss)}`]),
    `${speedText(result.stepsPerSecond)} steps/s`,
    `${result.seconds.toFixed(1)} s`,
  ]
  return `${contender.label}, seed ${seed}: ${scores.join(', ')}`
}
