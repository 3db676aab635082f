// shared.ts: import

/** Options of {@link Dsgd}. */
export interface DsgdOptions extends StepOptions<'lr' | 'd0'> {
  /** 1 when not given. */
  lr?: Hyperparameter
  /** 0.000001 when not given. */
  d0?: Hyperparameter
  /** Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given. */
  totalSteps?: number
}

/**
 * D-adaptation in small.
 *
 * ```
 * s = s + d * lr * g
 * top = global_dot(g, start - w)
 * scale = global_sum(abs(s))
 * numerator = numerator + d * lr * top
 * hat = where(scale > 0, numerator / scale, d)
 * w = w - d * lr * g / (1 + global_norm(s))
 * d = max(d, hat)
 * ```
 */
export class Dsgd extends tf.Optimizer {
  static readonly className = 'Optcdsgd'
  private static readonly limits: Limits = {
    lr: ['(', -Infinity, Infinity, ')'],
    d0: ['(', -Infinity, Infinity, ')'],
  }

  learningRate: Hyperparameter
  d0: Hyperparameter
  readonly totalSteps: number
  readonly steps: Steps<'lr' | 'd0'>

  private readonly states = createStates('Dsgd', ['start', 's'])
  private run: { d: tf.Tensor; numerator: tf.Tensor }[] = []

  constructor(options: DsgdOptions | number = {}) {
    super()
    const given = optionsOf(options, ['lr', 'd0', 'totalSteps'])
    this.totalSteps = givenSteps(given)
    this.learningRate = checked('lr', given.lr ?? 1, Dsgd.limits)
    this.d0 = checked('d0', given.d0 ?? 0.000001, Dsgd.limits)
    this.steps = createSteps(this.states, given, Dsgd.limits)
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const t = this.iterations
    const T = this.totalSteps
    const next = [...this.run]
    const isTaken = takeStepInRounds(this.steps, gradients, (group, place) => {
      const lr = valueAt('lr', group.lr ?? this.learningRate, t, T, Dsgd.limits)
      const run = this.run[place] ?? {
        d: tf.scalar(valueAt('d0', group.d0 ?? this.d0, 0, this.totalSteps, Dsgd.limits)),
        numerator: tf.scalar(0),
      }
      const stepSize = tf.mul(run.d, lr)

      return {
        add: ({ w, g }) => {
          const start = stateOf(this.states, w, 'start', () => w)
          const s = stateOf(this.states, w, 's', () => tf.zerosLike(w))
          const s2 = tf.add(s, tf.mul(stepSize, g))
          return [tf.sum(tf.mul(g, tf.sub(start, w))), tf.sum(tf.abs(s2)), tensorNorm(s2)]
        },
        totals: [(x) => tf.sum(x), (x) => tf.sum(x), (x) => tensorNorm(x)],
        then: (top, scale, globalNormValue) => {
          const productDivisor = tf.add(1, globalNormValue)
          const numerator = tf.add(run.numerator, tf.mul(stepSize, top))
          const hat = tensorWhere(tf.greater(scale, 0), tf.div(numerator, scale), run.d)
          next[place] = {
            d: keptNumber(tensorMaximum(run.d, hat)),
            numerator: keptNumber(numerator),
          }

          return ({ w, g }) => {
            const s = stateOf(this.states, w, 's', () => tf.zerosLike(w))
            if (g === null) return

            const product = tf.mul(stepSize, g)
            s.assign(tf.add(s, product))
            const update = tf.div(product, productDivisor)
            w.assign(tf.sub(w, update))
          }
        },
      }
    })
    if (!isTaken) return
    disposeNumbers(this.run)
    this.run = next
    this.incrementIterations()
  }

  /** The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them. */
  override async getWeights(): Promise<NamedTensor[]> {
    return saveSteps(this.steps, this.iterations, await readNumbers(this.run))
  }

  /**
   * Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for
   * weights of another class.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const { iterations, run } = await restoreSteps(this.steps, weights, ['d', 'numerator'])
    this.iterations_ = iterations
    disposeNumbers(this.run)
    this.run = run.map((each) => ({
      ...each,
      d: tf.keep(tf.scalar(each.d)),
      numerator: tf.keep(tf.scalar(each.numerator)),
    }))
  }

  /** Frees all states. A step after it is the first of a new run. */
  override dispose(): void {
    super.dispose()
    disposeSteps(this.steps)
    this.iterations_ = 0
    disposeNumbers(this.run)
    this.run = []
  }

  // Optimizer of shared.ts: unmatched

  override getConfig(): tf.serialization.ConfigDict {
    return {
      lr: serialized('lr', this.learningRate, this.totalSteps, Dsgd.limits),
      d0: serialized('d0', this.d0, this.totalSteps, Dsgd.limits),
      totalSteps: this.totalSteps,
      ...serializedSteps(this.steps, this.totalSteps, Dsgd.limits),
    }
  }
}

tf.serialization.registerClass(Dsgd)

// shared.ts: Hyperparameter, StepOptions, Group, Match, Limits, Steps, NamedShape, States, SavedRun, VariableStates, createStates, createSavedRun, optionsOf, givenSteps, checked, within, isWithin, createSteps, checkedGroup, restoredMatch, stateOf, isGone, nextStates, giveStates, checkKind, tensorNorm, tensorWhere, valueAt, tensorMaximum, zeroLike, keptNumber, takeStepInRounds, StepRound, StepRule, Gradient, NamedTensor, gradientPairs, PrepareStep, preparedFor, addsUp, withSums, bindStates, matchNames, isCopy, plainName, forgetDisposed, freeStates, readyVariables, fits, endStep, disposeStates, disposeRun, leavesOut, disposeNumbers, RunNumbers, saveSteps, saveRun, saveStates, readNumbers, restoreSteps, readWeights, restoreStates, groupStates, disposeSteps, unmatchedBy, serialized, serializedSteps, savedMatch
