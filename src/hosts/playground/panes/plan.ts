import { drawLanes, type LaneBox } from '../../../draw/lanes-svg.ts'
import { STAGES, type PlanGraph, type PlanNode, type Stage } from '../../../language/plan-graph.ts'
import type { Plan, PlanQuestion } from '../answers/plan.ts'
import type { Nothing } from '../answers/program.ts'
import { element } from '../page/element.ts'
import { createAsking } from './asking.ts'
import { showDrawing } from './drawing.ts'
import { enlargeButton } from './enlarge.ts'
import { linkKey } from './link-key.ts'
import type { Links, MountedPane, Pane, PaneContext } from './pane.ts'

/** What a step does as a graph, by how often it does it. */
export const planPane: Pane = { id: 'plan', title: 'Plan', area: 'view', mount: mountPlan }

const LANES: Readonly<Record<Stage, string>> = {
  run: 'once a run',
  step: 'once a step',
  parameter: 'each parameter',
  element: 'each element',
}

const LOOKS: Readonly<Record<PlanNode['kind'], LaneBox['look']>> = {
  given: 'plain',
  state: 'kept',
  value: 'made',
  assigned: 'result',
}

const KEY: readonly (readonly [look: LaneBox['look'], text: string])[] = [
  ['plain', 'given'],
  ['kept', 'kept from the step before'],
  ['made', 'worked out'],
  ['result', 'new value'],
]

function mountPlan(host: HTMLElement, context: PaneContext): MountedPane {
  let drawn = new AbortController()
  const caller = context.callerOf<PlanQuestion, Plan | Nothing>('views')
  let shown: Plan | undefined
  let index = readIndex(context.state.get())
  const shapes = element('select', { 'aria-label': 'Parameters it is for' })
  const forShapes = element('label', {}, 'for parameters with', shapes)
  const key = element(
    'span',
    { class: 'plan-key' },
    ...KEY.map(([look, text]) => element('span', { class: `look ${look}` }, text)),
  )
  const picture = element('div', { class: 'plan-picture' })
  const detail = element('div', { class: 'plan-detail', 'aria-live': 'polite' }, HINT)
  host.append(
    element('div', { class: 'pane-tools' }, forShapes, key, enlargeButton(host)),
    picture,
    detail,
  )
  const draw = (): void => {
    if (shown === undefined) return
    const graph = shown.graphs[index] ?? shown.graphs[0]!
    detail.replaceChildren(HINT)
    drawGraph(picture, shown.name, graph, (node) => detail.replaceChildren(...describe(node)))
    drawn.abort()
    drawn = new AbortController()
    light(picture, context.links, drawn.signal)
  }
  const asking = createAsking(async ({ text, fileName, definition }, signal) => {
    const isRule = definition?.kind === 'optimizer'
    const name = isRule ? definition.name : undefined
    const question = { kind: 'plan', text, fileName, ...(name !== undefined && { name }) } as const
    const answer = await caller.ask(question, signal)
    picture.classList.toggle('old', answer.kind === 'none')
    if (answer.kind === 'none') {
      if (shown === undefined)
        picture.replaceChildren(element('p', { class: 'empty' }, answer.reason))
      return context.status(answer.reason)
    }
    shown = answer
    forShapes.hidden = answer.graphs.length < 2
    shapes.replaceChildren(
      ...answer.graphs.map((graph, at) =>
        element('option', { value: at, selected: at === index }, graph.shapes ?? 'any shape'),
      ),
    )
    draw()
    context.status(countText(answer.graphs[index] ?? answer.graphs[0]!, answer.name))
  }, context.status)
  shapes.addEventListener('change', () => {
    index = Number(shapes.value)
    context.state.set(index === 0 ? undefined : index)
    draw()
  })
  return {
    update: asking.update,
    dispose: () => {
      drawn.abort()
      asking.dispose()
    },
  }
}

const LEAST_SCALE = 0.8

const HINT = 'Point at a name, or go to it with the Tab key, to see how it is worked out.'

function drawGraph(
  host: HTMLElement,
  name: string,
  { nodes, edges }: PlanGraph,
  tell: (node: PlanNode) => void,
): void {
  const svg = showDrawing(
    host,
    drawLanes({
      description: `What a step of ${name} does: ${nodes.length} values`,
      lanes: STAGES.map((stage) => LANES[stage]),
      boxes: nodes.map((node) => ({
        ...{ id: node.id, lane: STAGES.indexOf(node.stage), text: node.name },
        ...{ look: LOOKS[node.kind], title: titleOf(node) },
      })),
      edges,
    }),
  )
  // It shrinks to where its letters can still be read; then it is scrolled.
  svg.style.setProperty('--least', `${Math.round(svg.width.baseVal.value * LEAST_SCALE)}px`)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const nodeAt = (target: EventTarget | null): PlanNode | undefined => {
    const box = target instanceof Element ? target.closest('[data-node]') : null
    return byId.get(box?.getAttribute('data-node') ?? '')
  }
  const choose = ({ target }: Event): void => {
    const node = nodeAt(target)
    if (node === undefined) return
    tell(node)
    for (const line of svg.querySelectorAll('[data-from]')) {
      const [from, to] = [line.getAttribute('data-from'), line.getAttribute('data-to')]
      line.classList.toggle('read', to === node.id)
      line.classList.toggle('used', from === node.id)
    }
    for (const box of svg.querySelectorAll('[data-node]'))
      box.classList.toggle('chosen', box.getAttribute('data-node') === node.id)
  }
  for (const event of ['pointerover', 'focusin', 'click']) svg.addEventListener(event, choose)
}

/** Names under the pointer elsewhere stand out here, and those under the pointer here elsewhere. */
function light(host: HTMLElement, links: Links, signal: AbortSignal): void {
  const boxes = [...host.querySelectorAll('[data-node]')]
  const nameOf = (box: Element): string => linkKey(box.querySelector('text')?.textContent ?? '')
  for (const box of boxes) {
    box.addEventListener('pointerenter', () => links.show(new Set([nameOf(box)])))
    box.addEventListener('pointerleave', () => links.show(new Set()))
  }
  links.onShow((keys) => {
    for (const box of boxes) box.classList.toggle('linked', keys.has(nameOf(box)))
  }, signal)
}

function titleOf({ name, kind, formula, placement, condition }: PlanNode): string {
  const sign = kind === 'given' || kind === 'state' ? ':' : ' ='
  const when = condition === undefined ? '' : `, where ${condition}`
  return `${name}${sign} ${formula ?? ''}${when}; ${placement}`
}

function describe({ name, kind, formula, placement, condition }: PlanNode): readonly Node[] {
  const isWorkedOut = kind === 'value' || kind === 'assigned'
  return [
    element('code', {}, isWorkedOut ? `${name} = ${formula ?? ''}` : name),
    element(
      'span',
      {},
      [isWorkedOut ? undefined : formula, placement, condition && `only where ${condition}`]
        .filter((part) => part !== undefined)
        .join('; '),
    ),
  ]
}

function countText({ nodes }: PlanGraph, name: string): string {
  const counts = STAGES.map((stage) => {
    const done = nodes.filter(
      (node) => node.stage === stage && (node.kind === 'value' || node.kind === 'assigned'),
    )
    return [LANES[stage], done.length] as const
  })
  const parts = counts.filter(([, count]) => count > 0).map(([lane, count]) => `${count} ${lane}`)
  return `${name} works out ${parts.join(', ')}`
}

/** What an address says is shown, which anybody may have written. */
const readIndex = (given: unknown): number =>
  typeof given === 'number' && Number.isInteger(given) && given >= 0 && given < 100 ? given : 0
