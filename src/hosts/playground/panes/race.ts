import { SURFACES } from '../../../language/plot/surfaces.ts'
import type { Nothing } from '../answers/program.ts'
import type { Race, RaceQuestion } from '../answers/race.ts'
import { element } from '../page/element.ts'
import { createSliders } from '../sliders/sliders.ts'
import { createAsking } from './asking.ts'
import { withNumber } from './curves-state.ts'
import { onNewWidth } from './drawing.ts'
import { enlargeButton } from './enlarge.ts'
import type { MountedPane, Pane, PaneContext, ShownSource } from './pane.ts'
import { createRacePicture } from './race-picture.ts'
import {
  isSteps,
  LEAST_STEPS,
  MOST_STEPS,
  readRaceState,
  writeRaceState,
  type RaceState,
} from './race-state.ts'

/** The rule against Adam, SGD, Lion and Muon on functions of two numbers. */
export const racePane: Pane = { id: 'race', title: 'Race', area: 'view', mount: mountRace }

function mountRace(host: HTMLElement, context: PaneContext): MountedPane {
  const gone = new AbortController()
  const caller = context.callerOf<RaceQuestion, Race | Nothing, Race>('race')
  let state = readRaceState(context.state.get())
  let hasRaced = false
  const controls = createControls(state, (change) => keep(change(state)))
  const picture = createRacePicture((start) => keep({ ...state, start }), gone.signal)
  const sliders = createSliders('Hyperparameters of the rule', (name, value) =>
    keep({ ...state, values: withNumber(state.values, name, value) }),
  )
  const body = element(
    'div',
    { class: 'view-body race' },
    picture.map,
    element(
      'div',
      { class: 'race-numbers' },
      picture.table,
      sliders.element,
      picture.curves,
      aboutRaces(),
    ),
  )
  host.append(
    element('div', { class: 'pane-tools' }, ...controls.elements, enlargeButton(host)),
    body,
  )
  const show = (race: Race): void => {
    hasRaced = true
    controls.show(race)
    picture.show(race)
    sliders.show(race.parameters)
  }
  const asking = createAsking(async (source, signal) => {
    const question = questionOf(source, state)
    const answer = await caller.ask(question, signal, (race) => {
      show(race)
      context.status(`${race.racers.length} of 5 have arrived …`)
    })
    body.classList.toggle('old', answer.kind === 'none')
    if (answer.kind === 'race') {
      show(answer)
      return context.status(bestText(answer))
    }
    if (!hasRaced) picture.empty(answer.reason)
    context.status(answer.reason)
  }, context.status)
  const keep = (next: RaceState): void => {
    state = next
    context.state.set(writeRaceState(state))
    asking.again()
  }
  onNewWidth(body, picture.draw, gone.signal)
  return {
    update: asking.update,
    dispose: () => {
      gone.abort()
      asking.dispose()
    },
  }
}

function questionOf({ text, fileName, definition }: ShownSource, state: RaceState): RaceQuestion {
  const isRule = definition?.kind === 'optimizer'
  const named = isRule ? { name: definition.name } : {}
  return { kind: 'race', text, fileName, ...named, ...state }
}

interface Controls {
  readonly elements: readonly HTMLElement[]
  readonly show: (race: Race) => void
}

function createControls(
  state: RaceState,
  change: (change: (state: RaceState) => RaceState) => void,
): Controls {
  const surface = element(
    'select',
    { 'aria-label': 'surface' },
    ...SURFACES.map(({ name }) =>
      element('option', { value: name, selected: name === state.surface }, nameText(name)),
    ),
  )
  const steps = element('input', {
    ...{ type: 'number', min: LEAST_STEPS, max: MOST_STEPS, step: 10, value: state.steps },
  })
  const coordinate = (): HTMLInputElement =>
    element('input', { type: 'number', step: 'any', class: 'coordinate' })
  const [x, y] = [coordinate(), coordinate()]
  surface.addEventListener('change', () => {
    // A start on one surface means nothing on another.
    change(({ start: _, ...others }) => ({ ...others, surface: surface.value }))
  })
  steps.addEventListener('input', () => {
    const next = steps.valueAsNumber
    if (isSteps(next)) change((now) => ({ ...now, steps: next }))
  })
  for (const input of [x, y])
    input.addEventListener('change', () => {
      const start = [x.valueAsNumber, y.valueAsNumber] as const
      if (start.every(Number.isFinite)) change((now) => ({ ...now, start }))
    })
  return {
    elements: [
      surface,
      element('label', {}, 'steps', steps),
      element('label', {}, 'from x', x),
      element('label', {}, 'y', y),
    ],
    show: (race) => {
      const { start } = race.surface
      for (const [axis, input] of [x, y].entries())
        if (document.activeElement !== input)
          input.value = String(Number(start[axis]!.toPrecision(4)))
    },
  }
}

const nameText = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1)

function bestText({ racers }: Race): string {
  const ranked = racers
    .map(({ name, path }) => ({ name, value: path.values.at(-1)!, isWhole: isWhole(path) }))
    .filter(({ value, isWhole: arrived }) => arrived && Number.isFinite(value))
    .sort((a, b) => a.value - b.value)
  const [best] = ranked
  return best === undefined
    ? 'all of them left the numbers'
    : `${best.name} is lowest in the end: ${best.value.toPrecision(3)}`
}

/** Whether a path has all its steps, rather than ending where a coordinate is not finite. */
const isWhole = ({ points, totalSteps }: Race['racers'][number]['path']): boolean =>
  points.length > totalSteps

function aboutRaces(): HTMLElement {
  return element(
    'details',
    { class: 'about' },
    element('summary', {}, 'How they race'),
    element(
      'p',
      {},
      'All start at the ring. Each has the best learning rate of 10, 5, 2, 1, 0.5 … 1e-6 for this surface, start and number of steps: the one that keeps the mean of the logarithm of the value lowest and the path in the picture. The rule has the learning rate of its slider once that is moved. All other hyperparameters are those of the files. Rules that ask for the shape of a parameter, as Muon does, have the two numbers as a matrix of two inputs and one output; the others have a vector. Noise is the same for all.',
    ),
  )
}
