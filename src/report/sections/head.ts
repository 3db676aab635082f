import type { Work } from '../../evolve/journal.ts'
import type { Context } from '../context.ts'
import { escapeText, tag } from '../html.ts'
import { finding } from '../finding.ts'
import { countText, shareText } from '../../study/measure.ts'
import { configured, configuredText, childPositionOf, totalsOf, type Run } from '../run.ts'

/** The top of the page: what was searched, what it took, and what came of it in one sentence. */
export function head(context: Context): string {
  const { run } = context
  const totals = totalsOf(run)
  const tiles: readonly (readonly [value: string, name: string])[] = [
    [countText(totals.evaluations), 'evaluations trained'],
    [countText(totals.steps), 'training steps'],
    [countText(totals.reused), 'taken from a rule that behaves alike'],
    [shareText(totals.failures, totals.evaluations + totals.reused), 'of the evaluations failed'],
    [countText(totals.drawsThrownAway), 'draws thrown away'],
  ]
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['task', configuredText(run, 'task')],
    ['protocol', configuredText(run, 'protocol')],
    ['space', configuredText(run, 'space')],
    ['selection', selectionText(run)],
    ['seed', String(configured(run, 'seed'))],
    [
      'extent',
      `${configured(run, 'initial')} drawn, ${configured(run, 'particles')} particles × ${configured(run, 'timesteps')} time steps × ${configured(run, 'children')} children`,
    ],
    ['backend', configuredText(run, 'backend')],
    ['optc', run.version],
  ]
  return tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, 'optc evolve'),
    tag('h1', {}, escapeText(`A search for optimizers on ${configuredText(run, 'task')}`)),
    tag('p', { class: 'lead' }, escapeText(finding(context))),
    run.isComplete ? '' : tag('p', { class: 'warning' }, escapeText(unfinished(run))),
    ...run.stops.map(({ stage, begun }) =>
      tag(
        'p',
        { class: 'note' },
        escapeText(`The budget was used up in ${stage}, after ${countText(begun)} of its rules.`),
      ),
    ),
    tag(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) =>
        tag('div', {}, tag('dt', {}, name), tag('dd', {}, escapeText(value))),
      ),
    ),
    tag(
      'ul',
      { class: 'tiles' },
      ...tiles.map(([value, name]) =>
        tag('li', {}, tag('strong', {}, escapeText(value)), tag('span', {}, escapeText(name))),
      ),
    ),
  )
}

/** How successors are chosen, in words. */
function selectionText({ configuration }: Run): string {
  const { selection } = configuration
  if (typeof selection !== 'object' || selection === null || !('kind' in selection)) return '?'
  if (selection.kind === 'published') return 'published: the best child, always'
  const number = (name: string): string =>
    String((selection as Readonly<Record<string, unknown>>)[name] ?? '?')
  return `racing: ${number('contenders')} children and their parent, up to ${number('rounds')} fresh seeds, confidence ${number('confidence')}`
}

function unfinished(run: Run): string {
  return `This search has not ended: its journal ends ${progressOf(run)}. The report shows what there is.`
}

/** How far an unfinished run is: `after 4 children of time step 1 of 2`. */
export function progressOf(run: Run): string {
  const count = (number: number, name: string, several = `${name}s`): string =>
    `${countText(number)} ${number === 1 ? name : several}`
  const rung = run.rungs.at(-1)?.rung
  const elsewhere = run.transfers.at(-1)
  if (elsewhere !== undefined)
    return `after ${count(run.transfers.filter(({ task }) => task === elsewhere.task).length, 'rule')} of the final table on ${elsewhere.task}`
  if (run.ablations.length > 0) return `after ${count(run.ablations.length, 'ablation')}`
  if (run.finals.length > 0)
    return `after ${count(run.finals.length, 'rule')} of the final evaluation`
  if (rung !== undefined)
    return `after ${count(run.rungs.filter((each) => each.rung === rung).length, 'rule')} on rung ${rung} of the ladder`
  const timestepOf = ({ slot }: Work): number => childPositionOf(slot)?.timestep ?? 0
  const timestep = Math.max(0, ...run.works.map(timestepOf))
  if (timestep > 0) {
    const selected = run.selections.filter((each) => each.timestep === timestep).length
    const children = run.works.filter((work) => timestepOf(work) === timestep).length
    const done = selected > 0 ? count(selected, 'selection') : count(children, 'child', 'children')
    return `after ${done} of time step ${timestep} of ${configured(run, 'timesteps')}`
  }
  if (run.enters.length > 0)
    return `after ${count(run.enters.length, 'first particle')} judged by the surrogate of the evolution`
  return `after ${count(run.works.length, 'rule')} to begin with`
}
