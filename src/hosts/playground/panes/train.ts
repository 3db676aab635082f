import type { Nothing } from '../answers/program.ts'
import type { Training, TrainQuestion } from '../answers/train.ts'
import { TRAINING_BACKENDS } from '../answers/training-backends.ts'
import { isAbort } from '../calls/caller.ts'
import { element } from '../page/element.ts'
import { createSliders } from '../sliders/sliders.ts'
import { withNumber } from './curves-state.ts'
import { onNewWidth } from './drawing.ts'
import { enlargeButton } from './enlarge.ts'
import type { MountedPane, Pane, PaneContext, ShownSource } from './pane.ts'
import { createTrainPicture } from './train-picture.ts'
import {
  isSteps,
  LEAST_STEPS,
  MOST_STEPS,
  readTrainState,
  TASK_TEXTS,
  writeTrainState,
  type TrainState,
} from './train-state.ts'

/** The rule trains a small network on images of clothes, beside Adam. */
export const trainPane: Pane = { id: 'train', title: 'Train', area: 'view', mount: mountTrain }

function mountTrain(host: HTMLElement, context: PaneContext): MountedPane {
  const gone = new AbortController()
  const caller = context.callerOf<TrainQuestion, Training | Nothing, Training>('train')
  let state = readTrainState(context.state.get())
  let source: ShownSource | undefined
  let running: AbortController | undefined
  const start = element('button', { type: 'button', class: 'primary' }, 'Train')
  const progress = element('progress', { max: 1, value: 0, 'aria-label': 'Training' })
  progress.hidden = true
  const controls = createControls(state, (change) => keep(change(state)))
  const picture = createTrainPicture()
  const sliders = createSliders('Hyperparameters of the rule', (name, value) => {
    keep({ ...state, values: withNumber(state.values, name, value) })
    context.status('train again to see what that changes')
  })
  const numbers = element('div', { class: 'race-numbers' }, sliders.element, aboutTraining())
  const body = element('div', { class: 'view-body race' }, picture.element, numbers)
  host.append(
    element('div', { class: 'pane-tools' }, start, ...controls, enlargeButton(host)),
    progress,
    body,
  )
  const keep = (next: TrainState): void => {
    state = next
    context.state.set(writeTrainState(state))
  }
  const show = (training: Training): void => {
    progress.value = training.done
    picture.show(training)
    sliders.show(training.parameters)
    context.status(training.doing === undefined ? endText(training) : `${training.doing} …`)
  }
  const run = async (text: ShownSource): Promise<void> => {
    const own = new AbortController()
    running = own
    const signal = AbortSignal.any([own.signal, gone.signal])
    start.textContent = 'Stop'
    progress.hidden = false
    try {
      const answer = await caller.ask(questionOf(text, state), signal, show)
      if (answer.kind === 'training') show(answer)
      else context.status(answer.reason)
    } catch (error) {
      context.status(isAbort(error) ? 'stopped' : textOf(error))
    } finally {
      running = undefined
      start.textContent = 'Train'
      progress.hidden = true
    }
  }
  start.addEventListener('click', () => {
    if (running !== undefined) running.abort()
    else if (source !== undefined) void run(source)
  })
  onNewWidth(body, picture.draw, gone.signal)
  return {
    update: (next) => {
      const isOther = source !== undefined && source.text !== next.text
      source = next
      if (running === undefined && isOther && picture.isDrawn())
        context.status('the program has changed; train again to see what that changes')
    },
    dispose: () => gone.abort(),
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function questionOf({ text, fileName, definition }: ShownSource, state: TrainState): TrainQuestion {
  const named = definition?.kind === 'optimizer' ? { name: definition.name } : {}
  return { kind: 'train', text, fileName, ...named, ...state }
}

function createControls(
  state: TrainState,
  change: (change: (state: TrainState) => TrainState) => void,
): readonly HTMLElement[] {
  const task = element(
    'select',
    { 'aria-label': 'network' },
    ...Object.entries(TASK_TEXTS).map(([name, text]) =>
      element('option', { value: name, selected: name === state.task }, text),
    ),
  )
  const steps = element('input', {
    ...{ type: 'number', min: LEAST_STEPS, max: MOST_STEPS, step: 20, value: state.steps },
  })
  const backend = element(
    'select',
    { 'aria-label': 'what computes' },
    ...TRAINING_BACKENDS.filter((name) => name === 'wasm' || 'gpu' in navigator).map((name) =>
      element('option', { value: name, selected: name === state.backend }, name),
    ),
  )
  task.addEventListener('change', () => change((now) => ({ ...now, task: task.value })))
  steps.addEventListener('input', () => {
    const next = steps.valueAsNumber
    if (isSteps(next)) change((now) => ({ ...now, steps: next }))
  })
  backend.addEventListener('change', () => {
    const chosen = TRAINING_BACKENDS.find((name) => name === backend.value)
    if (chosen !== undefined) change((now) => ({ ...now, backend: chosen }))
  })
  return [task, element('label', {}, 'steps', steps), backend]
}

function endText({ runs, backend }: Training): string {
  const ends = runs.flatMap(({ name, result }) => {
    if (result === undefined) return []
    if (result.diverged !== undefined) return [`${name} diverged at step ${result.diverged.step}`]
    const accuracy = result.testMetric
    return accuracy === undefined ? [] : [`${name} ${(100 * accuracy).toFixed(1)} %`]
  })
  return ends.length === 0
    ? 'nothing was learned'
    : `test accuracy on ${backend}: ${ends.join(', ')}`
}

function aboutTraining(): HTMLElement {
  return element(
    'details',
    { class: 'about' },
    element('summary', {}, 'How they are trained'),
    element(
      'p',
      {},
      'On 10,000 images of clothes at 14×14, the first of Fashion-MNIST, in batches of 64; 2,000 others validate, 2,000 test. Both begin with the same weights and see the same batches. Learning rates are the best of 0.01, 0.001, 0.1, 1e-4 and 1 after two epochs of 25 steps, unless the slider of the rule’s is moved. One run each: differences of a percent may be luck. Everything is computed in this browser.',
    ),
  )
}
