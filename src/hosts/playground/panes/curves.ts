import { drawChart } from '../../../draw/chart-svg.ts'
import type { Figure } from '../../../draw/figure.ts'
import { curvesFigure } from '../../../language/plot/curves.ts'
import { responsesFigure } from '../../../language/plot/responses.ts'
import type { Curves, CurvesQuestion, DrawnFunction, DrawnOptimizer } from '../answers/curves.ts'
import type { Nothing } from '../answers/program.ts'
import { element } from '../page/element.ts'
import { createSliders, type Sliders } from '../sliders/sliders.ts'
import { createAsking } from './asking.ts'
import {
  MOST_STEPS,
  isSteps,
  readCurvesState,
  withNumber,
  writeCurvesState,
  type CurvesState,
} from './curves-state.ts'
import { textWidth } from '../../../draw/svg-element.ts'
import { drawingWidth, onNewWidth, showDrawing } from './drawing.ts'
import type { MountedPane, Pane, PaneContext, ShownDefinition } from './pane.ts'

/** Schedules and decays as curves, and what a rule makes of gradients, drawn with every edit. */
export const curvesPane: Pane = { id: 'curves', title: 'Curves', area: 'view', mount: mountCurves }

const HEIGHT = 150
/** Of the names of lines, in pixels. */
const NAME_SIZE = 13
/** How much wider than estimated bold letters are in the widest fonts. */
const WIDE_FONT = 1.3
/** Left and right of a drawing, where labels stand out of it. */
const DRAWING_PADDING = 12

/** A curve, or several under one heading, with what they depend on. */
interface Card {
  readonly element: HTMLElement
  readonly show: (figures: readonly Figure[], parameters: DrawnFunction['parameters']) => void
  readonly draw: () => void
}

function mountCurves(host: HTMLElement, context: PaneContext): MountedPane {
  const gone = new AbortController()
  const caller = context.callerOf<CurvesQuestion, Curves | Nothing>('views')
  let state = readCurvesState(context.state.get())
  const cards = new Map<string, Card>()
  const list = element('div', { class: 'view-body' })
  const steps = element('input', {
    ...{ type: 'number', min: 1, max: MOST_STEPS, step: 1, value: state.totalSteps },
  })
  host.append(
    element('div', { class: 'pane-tools' }, element('label', {}, 'steps of the run, T', steps)),
    list,
  )
  const asking = createAsking(async ({ text, fileName, definition }, signal) => {
    const answer = await caller.ask({ kind: 'curves', text, fileName, ...state }, signal)
    list.classList.toggle('old', answer.kind === 'none')
    if (answer.kind === 'none') {
      if (cards.size === 0) list.replaceChildren(element('p', { class: 'empty' }, answer.reason))
      return context.status(answer.reason)
    }
    const shown = cardsOf(answer, definition).map(({ key, title, figures, parameters }) => {
      const card = cards.get(key) ?? createCard(key, title, change)
      cards.set(key, card)
      return { card, figures, parameters }
    })
    list.replaceChildren(...shown.map(({ card }) => card.element))
    for (const { card, figures, parameters } of shown) card.show(figures, parameters)
    context.status(`drawn over ${state.totalSteps.toLocaleString('en-US')} steps`)
  }, context.status)
  const keep = (next: CurvesState): void => {
    state = next
    context.state.set(writeCurvesState(state))
    asking.again()
  }
  const change = (of: string, name: string, value: number | undefined): void => {
    const own = Object.hasOwn(state.values, of) ? state.values[of]! : {}
    keep({ ...state, values: { ...state.values, [of]: withNumber(own, name, value) } })
  }
  steps.addEventListener('input', () => {
    const totalSteps = steps.valueAsNumber
    if (isSteps(totalSteps)) keep({ ...state, totalSteps })
  })
  onNewWidth(list, () => cards.forEach((card) => card.draw()), gone.signal)
  return {
    update: asking.update,
    dispose: () => {
      gone.abort()
      asking.dispose()
    },
  }
}

interface CardContent {
  readonly key: string
  readonly title: string
  readonly figures: readonly Figure[]
  readonly parameters: DrawnFunction['parameters']
}

/** What the cursor is in comes first. */
function cardsOf(
  { functions, optimizers }: Curves,
  definition: ShownDefinition | undefined,
): readonly CardContent[] {
  const all = [
    ...functions.map(({ name, role, parameters, curve }): CardContent => ({
      ...{ key: name, title: `${role} ${name}`, parameters },
      figures: [curvesFigure([curve])],
    })),
    ...optimizers.map((each) => optimizerCard(each, functions)),
  ]
  const isFirst = ({ key }: CardContent): boolean => key === definition?.name
  return [...all.filter(isFirst), ...all.filter((each) => !isFirst(each))]
}

function optimizerCard(
  { name, curves, responses }: DrawnOptimizer,
  functions: readonly DrawnFunction[],
): CardContent {
  // What the file declares has a card of its own.
  const others = curves.filter((curve) => !functions.some((each) => each.name === curve.name))
  return {
    ...{ key: name, title: `optimizer ${name}`, parameters: [] },
    figures: [
      responsesFigure(name, responses),
      ...others.map((curve): Figure => {
        const figure = curvesFigure([curve])
        const [panel] = figure.panels
        return { ...figure, panels: [{ ...panel!, y: { label: curve.name } }] }
      }),
    ],
  }
}

function createCard(
  key: string,
  title: string,
  change: (of: string, name: string, value: number | undefined) => void,
): Card {
  let last: readonly Figure[] = []
  const drawings = element('div', { class: 'drawings' })
  const sliders: Sliders = createSliders(`Arguments of ${key}`, (name, value) =>
    change(key, name, value),
  )
  const draw = (): void => {
    const width = drawingWidth(drawings)
    while (drawings.children.length > last.length) drawings.lastElementChild!.remove()
    last.forEach((figure, index) => {
      let host = drawings.children[index]
      if (host === undefined) drawings.append((host = element('figure')))
      drawFigure(host as HTMLElement, figure, { width, id: `curve-${key}-${index}` })
    })
  }
  return {
    element: element(
      'section',
      { class: 'card', 'aria-label': title },
      element('h2', {}, title),
      drawings,
      sliders.element,
    ),
    show: (figures, parameters) => {
      last = figures
      sliders.show(parameters)
      draw()
    },
    draw,
  }
}

/** One panel under a line that says what it shows, with room for the names of several lines. */
function drawFigure(
  host: HTMLElement,
  { title, subtitle, panels }: Figure,
  { width, id }: { readonly width: number; readonly id: string },
): void {
  const panel = panels[0]!
  const isSingle = panel.series.length === 1
  const names = panel.series.map(({ name }) => textWidth(name, NAME_SIZE) * WIDE_FONT)
  const drawing = drawChart(panel, {
    ...{ width: width - 2 * DRAWING_PADDING, height: HEIGHT, id },
    description: `${title}, ${subtitle ?? ''}`,
    right: isSingle ? 16 : Math.max(...names) + 12,
  })
  showDrawing(host, drawing)
  if (!isSingle) host.prepend(element('figcaption', {}, `${title} ${subtitle ?? ''}`))
}
