import type { EarlyStop, Protocol, Surrogate } from './protocol.ts'

/**
 * The protocol with everything in it `scale` times as long, above 0 and at most 1: runs, probe, warm-up, hold and the schedules' T.
 * Fewer epochs and fewer steps in each share the factor, by its root, since what an epoch costs beside its steps is an
 * evaluation; an epoch has at least one step, so very short runs are longer than asked for. The accuracies below which
 * runs end shrink with the length: what is not reached in a hundredth of the steps says nothing. Learning rates, entrants,
 * seeds, widths and names stay. Throws a RangeError for another scale.
 */
export function scaledProtocol(protocol: Protocol, scale: number): Protocol {
  if (!(scale > 0 && scale <= 1))
    throw new RangeError(`a scale is above 0 and at most 1, not ${scale}`)
  if (scale === 1) return protocol
  const known = new Map<Surrogate, Surrogate>()
  // Surrogates that were one object stay one.
  const scaled = (surrogate: Surrogate): Surrogate => {
    const made = known.get(surrogate) ?? scaledSurrogate(surrogate, scale)
    known.set(surrogate, made)
    return made
  }
  return {
    ...protocol,
    initial: scaled(protocol.initial),
    evolution: scaled(protocol.evolution),
    ladder: protocol.ladder.map((rung) => ({ ...rung, surrogate: scaled(rung.surrogate) })),
    ...(protocol.finals && {
      finals: protocol.finals.map((each) => ({ ...each, surrogate: scaled(each.surrogate) })),
    }),
  }
}

function scaledSurrogate(surrogate: Surrogate, scale: number): Surrogate {
  const { totalSteps, warmupSteps, holdSteps, epochSteps } = surrogate
  const run = scaledRun(surrogate, scale)
  const probe = surrogate.probe.map((round) => {
    const short = scaledRun({ epochSteps, ...round }, scale)
    return {
      ...round,
      ...short,
      stop: scaledStop(round.stop, short.epochs / round.epochs, scale),
      failBelow: scale * round.failBelow,
    }
  })
  // As much as the steps of the run became, so that its schedules end where they did.
  const factor = (run.epochs * run.epochSteps) / (surrogate.epochs * epochSteps)
  const [warmup, hold] = [warmupSteps, holdSteps].map((steps) => scaledCount(steps, factor))
  return {
    ...surrogate,
    ...run,
    warmupSteps: warmup!,
    holdSteps: hold!,
    totalSteps: Math.max(
      Math.round(factor * totalSteps),
      warmup! + hold!,
      ...[run, ...probe].map((each) => each.epochs * each.epochSteps),
    ),
    probe,
    stop: scaledStop(surrogate.stop, run.epochs / surrogate.epochs, scale),
  }
}

/** Epochs, and steps of one, that come to `scale` times as many steps in all, at least one step each. */
function scaledRun(
  { epochs, epochSteps }: { readonly epochs: number; readonly epochSteps: number },
  scale: number,
): { readonly epochs: number; readonly epochSteps: number } {
  const steps = scaledCount(epochs * epochSteps, scale)
  const fewer = Math.min(steps, scaledCount(epochs, Math.sqrt(scale)))
  return { epochs: fewer, epochSteps: Math.round(steps / fewer) }
}

function scaledStop({ afterEpoch, below }: EarlyStop, epochs: number, scale: number): EarlyStop {
  return { afterEpoch: scaledCount(afterEpoch, epochs), below: scale * below }
}

/** A number of something, at least 1 where there was any. */
const scaledCount = (count: number, factor: number): number =>
  count === 0 ? 0 : Math.max(1, Math.round(count * factor))
