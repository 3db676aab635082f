import type { ChangedLine } from '../../../report/line-changes.ts'
import type { Mutant, Mutants, MutantsQuestion } from '../answers/mutants.ts'
import { element } from '../page/element.ts'
import type { Json } from '../state/json.ts'
import type { MountedPane, Pane, PaneContext, ShownSource } from './pane.ts'

/** Mutants that are drawn at a time. */
const COUNT = 6

/** Which mutants are shown. */
interface Draw {
  readonly space: string
  readonly seed: number
}

/** What optimizers are made of today. */
const FIRST: Draw = { space: 'modern', seed: 0 }

/** Random changes of the rule, as a search makes them, beside what they change. */
export const mutantsPane: Pane = {
  id: 'mutants',
  title: 'Mutants',
  area: 'view',
  mount: mountMutants,
}

function mountMutants(host: HTMLElement, context: PaneContext): MountedPane {
  const gone = new AbortController()
  const caller = context.callerOf<MutantsQuestion, Mutants>('compile')
  let draw = readDraw(context.state.get())
  let last: ShownSource | undefined
  let running = new AbortController()
  const spaces = element('select')
  const offer = (names: readonly string[]): void =>
    spaces.replaceChildren(
      ...names.map((name) => element('option', { selected: name === draw.space }, name)),
    )
  offer([draw.space])
  const again = element('button', { type: 'button', class: 'again' }, 'Draw others')
  const list = element('div', { class: 'mutants' })
  host.append(
    element('div', { class: 'pane-tools' }, element('label', {}, 'search space', spaces), again),
    list,
  )
  const update = async (source: ShownSource, signal: AbortSignal): Promise<void> => {
    last = source
    const { text, fileName } = source
    context.status('drawing …')
    const question = { kind: 'mutants', text, fileName, ...draw, count: COUNT } as const
    const answer = await caller.ask(question, signal)
    const { mutants, problem } = answer
    offer(answer.spaces)
    if (problem !== undefined) {
      list.replaceChildren(element('p', { class: 'empty' }, `${sentence(problem)}.`))
      return context.status('')
    }
    list.replaceChildren(...mutants.map((mutant) => mutantCard(mutant, context.replaceSource)))
    const [from, to] = [draw.seed, draw.seed + COUNT - 1]
    context.status(`${mutants.length} mutants of the space ${draw.space}, seeds ${from} to ${to}`)
  }
  const change = (next: Draw): void => {
    draw = next
    context.state.set({ space: draw.space, seed: draw.seed })
    if (last === undefined) return
    running.abort()
    running = new AbortController()
    const signal = AbortSignal.any([running.signal, gone.signal])
    update(last, signal).catch((error: unknown) => {
      if (!signal.aborted) context.status(String(error))
    })
  }
  spaces.addEventListener('change', () => change({ space: spaces.value, seed: 0 }))
  again.addEventListener('click', () => change({ ...draw, seed: draw.seed + COUNT }))
  return {
    update: (source, signal) => {
      running.abort()
      return update(source, signal)
    },
    dispose: () => gone.abort(),
  }
}

function mutantCard(
  { words, seed, text, changes }: Mutant,
  adopt: (text: string) => void,
): HTMLElement {
  const use = element(
    'button',
    { type: 'button', 'aria-label': `Use it, mutant ${seed}` },
    'Use it',
  )
  use.addEventListener('click', () => adopt(text))
  return element(
    'article',
    { class: 'mutant' },
    element('header', {}, element('h2', {}, sentence(words)), use),
    element(
      'div',
      {
        class: 'changes',
        tabindex: 0,
        role: 'group',
        'aria-label': `Difference of mutant ${seed}`,
      },
      ...changes.map(changeLine),
    ),
  )
}

function changeLine({ kind, stretches }: ChangedLine): HTMLElement {
  const sign = kind === 'added' ? '+ ' : '- '
  return element(
    'div',
    { class: kind },
    sign,
    ...stretches.map((stretch) =>
      element(stretch.marked ? 'mark' : 'span', { class: stretch.kind }, stretch.text),
    ),
  )
}

/** What an address says is shown, which anybody may have written. */
function readDraw(given: Json | undefined): Draw {
  if (typeof given !== 'object' || given === null || !('space' in given)) return FIRST
  const { space, seed } = given
  return typeof space === 'string' &&
    /^[a-z_]{1,40}$/.test(space) &&
    typeof seed === 'number' &&
    Number.isInteger(seed) &&
    Math.abs(seed) < 1e9
    ? { space, seed }
    : FIRST
}

const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
