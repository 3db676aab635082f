import type { Choice } from '../../plan/choice.ts'
import type { ParameterPlan, Round } from '../../plan/plan.ts'
import { call, name, number, printCode, type Code } from '../code.ts'
import { writeOut } from '../python/expression.ts'
import { isNamed, textOf, type Lines } from '../python/lines.ts'
import { python } from '../python/notation.ts'
import { jaxWords } from './expression.ts'
import {
  contributionLines,
  startLines,
  tupleOf,
  updateLines,
  type LeafSurroundings,
} from './leaf.ts'
import { createNumbers, givenLines, nextRunState, valueAt, type Numbers } from './numbers.ts'
import { spellingOf } from './spellings.ts'
import { isLate, type Settings } from './transformation.ts'

const print = (code: Code): string => printCode(code, python)

/** The function that makes the first state. */
export function initLines(settings: Settings): Lines {
  const { plan, states, runStates, kept, names, around } = settings
  const numbers = createNumbers(settings, plan, localCode, () => around.build.math('nan'))
  const fields: string[] = ['count=jnp.zeros([], jnp.int32)']
  for (const state of plan.runStates) {
    const start = print(writeOut(state.initial, numbers.words))
    fields.push(`${runStates.get(state.index)!}=jnp.asarray(${start}, ${dtypeOf(settings, state)})`)
  }
  const start = choiceLines(plan.parameter, settings, numbers, startLines, 'w')
  const leaf = leafFunction('start_leaf', ['w', 'of_hidden'], start, ['w'])
  const all = [...states.values()]
  fields.push(...all.map((each) => `${each}=${each}`))
  for (const [option, field] of kept) fields.push(`${field}=jnp.asarray(${option.local}, float)`)
  const others = leaf.given.includes('of_hidden') ? [`, ${maskOf(settings, 'params')}`] : []
  const body: Lines = [
    ...(all.length === 0
      ? []
      : [
          ...leaf.lines,
          '',
          `${all.join(', ')}${all.length === 1 ? ',' : ''} = ${around.need('start_leaves')}(start_leaf, params, ${all.length}${others.join('')})`,
        ]),
    `return ${names.state}(${fields.join(', ')})`,
  ]
  const given = givenLines(textOf(body), settings, number(0), (option) =>
    valueAt(settings, option, '0'),
  )
  return ['def init_fn(params):', [...given, ...body]]
}

/** The type of a number of the run: that of all numbers, or that of arrays where it rests on gradients. */
function dtypeOf({ plan }: Settings, state: Settings['plan']['runStates'][number]): string {
  return isLate(plan, state) ? 'jnp.float32' : 'float'
}

const localCode = ({ local }: Settings['options'][number]): Code => name(local)

/** The tree that says which arrays are hidden layers'. */
export function maskOf({ around }: Settings, params: string): string {
  return `${around.need('mask_of')}(hidden, ${params})`
}

/** A function of what there is of one array: which of the arguments that it may have it is given. */
interface LeafFunction {
  readonly lines: Lines
  readonly given: readonly string[]
}

/** Only what the lines name is given, and what is `always`. */
export function leafFunction(
  called: string,
  possible: readonly string[],
  lines: Lines,
  always: readonly string[] = [],
): LeafFunction {
  const text = textOf(lines)
  const given = possible.filter((each) => always.includes(each) || isNamed(each, text))
  return { lines: [`def ${called}(${given.join(', ')}):`, lines], given }
}

/** What is done for arrays of each kind of shape; every side returns. `array`: an array that is always given. */
export function choiceLines(
  choice: Choice<ParameterPlan>,
  settings: Settings,
  numbers: Numbers,
  write: (leaf: ParameterPlan, around: LeafSurroundings) => Lines,
  array: 'g' | 'w',
): Lines {
  if (choice.kind === 'leaf') {
    const words = jaxWords({ ...numbers.words, type: () => name(array, 'dtype') })
    return write(choice.leaf, {
      scope: numbers.scope.child(),
      words,
      states: settings.states,
      derive: (all, others) => jaxWords({ ...all, ...others }),
    })
  }
  const words = jaxWords({ ...numbers.words, variable: () => undefined })
  const sides = [choice.then, choice.otherwise].map((side) =>
    choiceLines(side, settings, numbers, write, array),
  ) as [Lines, Lines]
  if (JSON.stringify(sides[0]) === JSON.stringify(sides[1])) return sides[0]
  return [`if ${print(writeOut(choice.condition, words))}:`, sides[0], ...sides[1]]
}

/** The function that makes updates of gradients. */
export function updateFunctionLines(settings: Settings): Lines {
  const { plan, states, runStates, kept, names, around } = settings
  const numbers = createNumbers(settings, plan, localCode, (index) =>
    name('state', runStates.get(index)!),
  )
  const run = plan.run.map((each) => numbers.write(each))
  const rounds = plan.rounds.map((round, index) => roundLines(settings, round, index + 1, numbers))
  const step = choiceLines(plan.parameter, settings, numbers, updateLines, 'g')
  const fields = [...states.values()]
  const leaf = leafFunction('update_leaf', ['g', ...fields, 'w', 'of_hidden', 'place'], step, [
    'g',
    ...fields,
  ])
  const trees = ['updates', ...fields.map((each) => `state.${each}`)]
  const results = ['updates', ...fields]
  const next = ['count=jnp.asarray(optax.safe_increment(state.count))']
  for (const state of plan.runStates) {
    const field = runStates.get(state.index)!
    const value =
      state.next === undefined
        ? `state.${field}`
        : `jnp.asarray(${nextRunState(state.next, numbers)}, ${dtypeOf(settings, state)})`
    next.push(`${field}=${value}`)
  }
  next.push(...fields.map((each) => `${each}=${each}`))
  for (const [option, field] of kept) next.push(`${field}=jnp.asarray(${option.local}, float)`)
  const body: Lines = [
    ...run,
    ...rounds.flat(),
    ...leaf.lines,
    '',
    `${results.join(', ')}${results.length === 1 ? ',' : ''} = ${around.need('update_leaves')}(update_leaf, ${tupleOf(trees)}${othersOf(settings, leaf.given)})`,
    `return updates, ${names.state}(${next.join(', ')})`,
  ]
  const text = textOf(body)
  const needsParameters = isNamed('params', text)
  const given = givenLines(text, settings, name('state', 'count'), (option) =>
    valueAt(settings, option, 'state.count'),
  )
  return [
    'def update_fn(updates, state, params=None):',
    [
      ...(needsParameters
        ? [
            'if params is None:',
            [`raise ValueError("${names.transformation} needs params: give them to update")`],
          ]
        : []),
      ...given,
      ...body,
    ],
  ]
}

/** What functions of arrays are given beside the trees that they change. */
function othersOf(settings: Settings, given: readonly string[]): string {
  const { around } = settings
  const others = [
    ...(given.includes('w') ? ['params'] : []),
    ...(given.includes('of_hidden') ? [maskOf(settings, 'params')] : []),
    ...(given.includes('place') ? [`${around.need('places')}(updates)`] : []),
  ]
  return others.map((each) => `, ${each}`).join('')
}

/** The lines that find numbers over all arrays. */
function roundLines(settings: Settings, round: Round, index: number, numbers: Numbers): Lines {
  const { around, states } = settings
  const lines = choiceLines(round.parameter, settings, numbers, contributionLines, 'g')
  const fields = [...states.values()]
  const leaf = leafFunction(
    `add_leaf_${index}`,
    ['g', ...fields, 'w', 'of_hidden', 'place'],
    lines,
    ['g'],
  )
  const trees = [
    'updates',
    ...fields.filter((each) => leaf.given.includes(each)).map((each) => `state.${each}`),
  ]
  around.need('stacked')
  const totals = round.totals.map(({ index: total, name: wanted, operator: { whole } }, at) => {
    const code = call('stacked', name('added'), number(at))
    const argument = { code, isNumber: false, isTensor: true, constant: undefined }
    const value = print(spellingOf(whole)(around.build, argument))
    return `${numbers.total(total, wanted)} = ${value}`
  })
  return [
    ...leaf.lines,
    '',
    `added = ${around.need('add_leaves')}(add_leaf_${index}, ${tupleOf(trees)}${othersOf(settings, leaf.given)})`,
    ...totals,
    ...round.run.map((each) => numbers.write(each)),
  ]
}
