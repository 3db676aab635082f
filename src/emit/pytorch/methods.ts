import type { GraphNode } from '../../ir/graph.ts'
import { leavesOf, type Choice } from '../../plan/choice.ts'
import type { Named, ParameterPlan, Round, RunState, StepPlan } from '../../plan/plan.ts'
import { call, name, number, printCode, unary, type Code } from '../code.ts'
import type { NamePool } from '../names.ts'
import { sideLimits } from '../../plan/side-limits.ts'
import { expressionOf, writeOut } from '../python/expression.ts'
import { isNamed, textOf, type Lines } from '../python/lines.ts'
import { snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import type { Settings } from './class.ts'
import { torchWords, type TorchWords } from './expression.ts'
import { takesLists } from './lists.ts'
import { partsNamed, writeParameter, writeStarts, type Surroundings } from './parameter.ts'
import { addsByElement } from './shards.ts'
import { spellingOf } from './spellings.ts'

const print = (code: Code): string => printCode(code, python)

/** The numbers of a step, which methods hand to each other in a tuple. */
interface Numbers {
  /** The names of those that are there, in their order. */
  readonly names: string[]
  readonly words: TorchWords
  readonly scope: NamePool
  /** The line that names a value. */
  write(named: Named): string
  /** Names a total. */
  total(index: number, wanted: string): string
}

/** The methods of a class that its rule is written in. */
export function writeMethods(settings: Settings): Lines {
  const { plan, evaluation } = settings
  const step = writeStep(settings, plan)
  return [...step, ...(evaluation === undefined ? [] : writeEvaluation(settings, evaluation))]
}

function createNumbers({ options, around }: Settings, plan: StepPlan): Numbers {
  const scope = around.scope.child()
  const locals = new Map<GraphNode, Code>()
  const totals = new Map<number, string>()
  const parameters = new Map(options.map((each) => [each.source.name, scope.declare(each.name)]))
  // States keep their names: a number of the step makes way.
  const ofStates = new Set(
    leavesOf(plan.parameter).flatMap(({ states }) => states.map((each) => snakeCase(each.name))),
  )
  const declare = (wanted: string): string => {
    for (;;) {
      const local = scope.declare(snakeCase(wanted))
      if (!ofStates.has(local)) return local
    }
  }
  const runStates = new Map(plan.runStates.map(({ index, name: own }) => [index, declare(own)]))
  const words = torchWords({
    types: plan.types,
    build: around.build,
    variable: (node) => locals.get(node),
    parameter: (wanted) => name(parameters.get(wanted)!),
    state: (index) => name(runStates.get(index)!),
    total: (index) => name(totals.get(index)!),
    functionName: around.functions.nameOf,
    isSpent: () => false,
  })
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  return {
    names: [
      't',
      'T',
      ...(plan.draws ? ['seed'] : []),
      ...read.map(({ source }) => parameters.get(source.name)!),
      ...plan.runStates.map(({ index }) => runStates.get(index)!),
    ],
    words,
    scope,
    write({ node, name: wanted }) {
      const text = print(writeOut(node, words))
      const local = declare(wanted)
      locals.set(node, name(local))
      this.names.push(local)
      return `${local} = ${text}`
    },
    total(index, wanted) {
      const local = declare(wanted)
      totals.set(index, local)
      this.names.push(local)
      return local
    },
  }
}

function writeStep(settings: Settings, plan: StepPlan): Lines {
  const { around, told } = settings
  const numbers = createNumbers(settings, plan)
  const lists = takesLists(plan)
  const run = plan.run.map((each) => numbers.write(each))
  const first = [...numbers.names]
  const rounds = plan.rounds.map((round, index) => writeRound(settings, round, index + 1, numbers))
  const slot = (of: string): string => `slot: ${around.need('Slot')}[${of}]`
  const given = `numbers: ${around.need('Numbers')}`
  around.importing('from torch import Tensor')
  const tensors = lists ? around.need('X') : 'Tensor'
  const begin = methodOf(`_begin(self, ${slot('Tensor')}, ${given}) -> None`, numbers.names, [
    ...writeChoice(plan.parameter, settings, numbers, (leaf, inner) => startsOf(leaf, inner)),
  ])
  const update = methodOf(`_update(self, ${slot(tensors)}, ${given}) -> None`, numbers.names, [
    ...writeChoice(plan.parameter, settings, numbers, (leaf, inner) => writeParameter(leaf, inner)),
  ])
  const finish = writeFinish(plan, numbers, given)
  const others = [...rounds.flatMap(({ add, know }) => [add, know]), begin, update, finish]
  const used = usedIn(others, first)
  const afterwards = numbers.names.filter((each) => !first.includes(each))
  const all = (made: MadeMethod): Lines => made([...used, ...afterwards])
  around.importing('from typing import Any')
  void told
  return [
    ...numbersMethod('_numbers', settings, plan, run, used, 'group["t"]'),
    ...rounds.flatMap((round, at) => {
      const before = [...used, ...rounds.slice(0, at).flatMap(({ found }) => found)]
      return [...round.add(before), ...round.know(before)]
    }),
    ...(rounds.length === 0 ? [] : withTotals(settings, rounds)),
    ...(leavesOf(plan.parameter).some((leaf) => begins(leaf, plan)) ? all(begin) : []),
    ...all(update),
    ...(plan.runStates.some(({ next }) => next !== undefined) ? all(finish) : []),
  ]
}

/** Whether something is looked at, or made, before a parameter's first step. */
const begins = (leaf: ParameterPlan, plan: StepPlan): boolean =>
  leaf.states.length > 0 || sideLimits(leaf, plan).length > 0

/** A method, once it is known what is in the tuple that it is given. */
type MadeMethod = (tuple: readonly string[]) => Lines

/** A method with what it takes apart of its arguments in front of its lines. */
function methodOf(signature: string, _names: readonly string[], lines: Lines): MadeMethod {
  const text = textOf(lines)
  const parts = partsNamed(lines)
  return (tuple) => {
    const isUsed = (each: string): boolean => isNamed(each, text)
    const shown = tuple.map((each) => (isUsed(each) ? each : '_'))
    const body = [
      ...(parts.length === 0
        ? []
        : [`${parts.join(', ')} = ${parts.map((part) => `slot.${part}`).join(', ')}`]),
      ...(tuple.some(isUsed)
        ? [`${shown.join(', ')}${shown.length === 1 ? ',' : ''} = numbers`]
        : []),
      ...lines,
    ]
    return [`def ${signature}:`, body, '']
  }
}

function usedIn(methods: readonly MadeMethod[], names: readonly string[]): readonly string[] {
  const text = methods.map((method) => textOf(method([]))).join('\n')
  return names.filter((each) => isNamed(each, text))
}

function surroundingsOf(numbers: Numbers, use: Surroundings['use']): Surroundings {
  return { scope: numbers.scope.child(), words: numbers.words, use }
}

function startsOf(leaf: ParameterPlan, around: Surroundings): Lines {
  const [first] = leaf.states
  const limits = sideLimits(leaf, around.words).map(({ axis, longest, reason }) => {
    const length = axis === 'inputs' ? 'count_inputs' : 'count_outputs'
    const { build } = around.words
    const texts = [axis, reason].map((text) => name(JSON.stringify(text)))
    const given = [build.prelude(length, name('w')), number(longest), ...texts]
    return print(build.prelude('check_side', ...given))
  })
  if (first === undefined) return limits
  const called = leaf.program.states[first.index]!.name
  const starts = [...limits, ...writeStarts(leaf, around)]
  return [`if ${JSON.stringify(called)} not in slot.state:`, starts]
}

function writeChoice(
  choice: Choice<ParameterPlan>,
  settings: Settings,
  numbers: Numbers,
  write: (leaf: ParameterPlan, around: Surroundings) => Lines,
  use: Surroundings['use'] = 'step',
): Lines {
  if (choice.kind === 'leaf') return write(choice.leaf, surroundingsOf(numbers, use))
  const condition = writeOut(
    choice.condition,
    torchWords({ ...numbers.words, variable: () => undefined }),
  )
  const [then, otherwise] = [choice.then, choice.otherwise].map((side) =>
    writeChoice(side, settings, numbers, write, use),
  ) as [Lines, Lines]
  let shared = 0
  const isSame = (at: number): boolean =>
    at < then.length && JSON.stringify(then[at]) === JSON.stringify(otherwise[at])
  while (isSame(shared)) shared++
  // A block belongs to the line above it.
  while (shared > 0 && (Array.isArray(then[shared]) || Array.isArray(otherwise[shared]))) shared--
  const [a, b] = [then.slice(shared), otherwise.slice(shared)]
  const [only, block, ...others] = a
  if (b.length === 0 && isMissing(only) && block !== undefined && others.length === 0)
    return [
      ...then.slice(0, shared),
      `if ${print(condition)} and ${only.slice('if '.length)}`,
      block,
    ]
  const rest: Lines =
    a.length > 0
      ? [`if ${print(condition)}:`, a, ...(b.length > 0 ? ['else:', b] : [])]
      : b.length > 0
        ? [`if ${print(unary('not ', condition))}:`, b]
        : []
  return [...then.slice(0, shared), ...rest]
}

/** Whether a line asks whether a parameter lacks its states. */
const isMissing = (line: Lines[number] | undefined): line is string =>
  typeof line === 'string' && /^if "\w+" not in slot\.state:$/.test(line)

/** The method that gives the numbers which are known before any gradient, as a tuple of those in `returned`. */
function numbersMethod(
  called: string,
  settings: Settings,
  plan: StepPlan,
  run: readonly string[],
  returned: readonly string[],
  step: string,
): Lines {
  const { options, around } = settings
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  const isLast = step !== 'group["t"]'
  const lines = [
    ...read.map(({ name: key }, at) => {
      const local = localsOf(settings, plan)[at]!
      return `${local} = self._value(group, "${key}"${isLast ? ', t' : ''})`
    }),
    ...plan.runStates.map((state) => runStart(state, settings, plan)),
    ...run,
    `return ${returned.length === 0 ? '()' : `${returned.join(', ')}${returned.length === 1 ? ',' : ''}`}`,
  ]
  const text = lines.join('\n')
  const needsT = isNamed('T', text)
  if (needsT) around.need('steps_of')
  return [
    `def ${called}(self, group: dict[str, Any]) -> ${around.need('Numbers')}:`,
    [
      ...(isNamed('t', text) ? [`t = ${step}`] : []),
      ...(needsT ? ['T = steps_of(group["total_steps"])'] : []),
      ...(plan.draws ? ['seed = group["seed"]'] : []),
      ...lines,
    ],
    '',
  ]
}

/** What the hyperparameters that a plan reads are called inside. */
function localsOf(settings: Settings, plan: StepPlan): readonly string[] {
  const { names } = createNumbers(settings, plan)
  const at = 2 + (plan.draws ? 1 : 0)
  return names.slice(at)
}

/** The line that names a number of the run, which starts where there is none. */
function runStart(state: RunState, settings: Settings, plan: StepPlan): string {
  const { options, around } = settings
  const read = options.filter(({ source }) => plan.reads.has(source.name)).length
  const local = localsOf(settings, plan)[read + plan.runStates.indexOf(state)]!
  const words = torchWords({
    types: plan.types,
    build: around.build,
    variable: () => undefined,
    parameter: (wanted) => {
      const { name: key } = options.find(({ source }) => source.name === wanted)!
      return call('self._value', name('group'), name(`"${key}"`), { kind: 'number', text: '0' })
    },
    state: () => name('math', 'nan'),
    total: () => name('math', 'nan'),
    functionName: around.functions.nameOf,
    isSpent: () => false,
  })
  const start = print(writeOut(state.initial, words))
  const isLate = plan.types.stateOf(state.index).known === 'gradient'
  const value = isLate ? `${around.need('run_number')}(group, ${start})` : `float(${start})`
  return `${local} = group.setdefault("run_${snakeCase(state.name)}", ${value})`
}

/** The method that keeps what numbers of the run are after the step. */
function writeFinish(plan: StepPlan, numbers: Numbers, given: string): MadeMethod {
  const kept = plan.runStates.flatMap(({ name: own, next }) =>
    next === undefined
      ? []
      : [`group["run_${snakeCase(own)}"] = ${print(expressionOf(next, numbers.words))}`],
  )
  return methodOf(`_finish(self, group: dict[str, Any], ${given}) -> None`, numbers.names, [
    ...kept,
    'super()._finish(group, numbers)',
  ])
}

interface WrittenRound {
  readonly index: number
  /** What a parameter adds. */
  readonly add: MadeMethod
  /** What calls it for a `slot`. */
  readonly called: string
  /** What is known once the totals are. */
  readonly know: MadeMethod
  readonly totals: readonly { readonly name: string; readonly value: string }[]
  /** The names of all that it finds. */
  readonly found: readonly string[]
}

function writeRound(
  settings: Settings,
  round: Round,
  index: number,
  numbers: Numbers,
): WrittenRound {
  const { around } = settings
  const slot = `slot: ${around.need('Slot')}[Tensor]`
  const given = `numbers: ${around.need('Numbers')}`
  const add = methodOf(
    `_add_${index}(self, ${slot}, ${given}) -> tuple[Tensor, ...]`,
    numbers.names,
    writeChoice(round.parameter, settings, numbers, (leaf, inner) => writeParameter(leaf, inner)),
  )
  const before = numbers.names.length
  around.need('stacked')
  const method = `self._add_${index}`
  const called = addsByElement(round)
    ? `${around.need('added_by')}(${method}, slot, known)`
    : `${method}(${around.need('gathered')}(slot), known)`
  const totals = round.totals.map(({ index: total, name: wanted, operator: { whole } }, at) => {
    const parts = call('stacked', name('added'), { kind: 'number', text: String(at) })
    const argument = { code: parts, isTensor: true, isSpent: false, constant: undefined }
    const value = print(spellingOf(whole).form(around.build, argument))
    return { name: numbers.total(total, wanted), value }
  })
  const run = round.run.map((each) => numbers.write(each))
  const found = numbers.names.slice(before)
  const signature = totals.map((each) => `${each.name}: Tensor`).join(', ')
  const know = methodOf(
    `_know_${index}(self, ${given}, ${signature}) -> ${around.need('Numbers')}`,
    numbers.names,
    [...run, `return (*numbers, ${found.join(', ')})`],
  )
  return { index, add, called, know, totals, found }
}

function withTotals({ around }: Settings, rounds: readonly WrittenRound[]): Lines {
  const slots = `list[list[${around.need('Slot')}[Tensor]]]`
  const numbers = `list[${around.need('Numbers')}]`
  const lines = rounds.flatMap(({ index, called, totals }): Lines => [
    'added = [',
    [called, 'for own, known in zip(slots, numbers, strict=True)', 'for slot in own'],
    ']',
    ...totals.map((each) => `${each.name} = ${each.value}`),
    `numbers = [self._know_${index}(known, ${totals.map((each) => each.name).join(', ')}) for known in numbers]`,
  ])
  return [
    `def _with_totals(self, slots: ${slots}, numbers: ${numbers}) -> ${numbers}:`,
    [...lines, 'return numbers'],
    '',
  ]
}

function writeEvaluation(settings: Settings, plan: StepPlan): Lines {
  const { around } = settings
  const numbers = createNumbers(settings, plan)
  const run = plan.run.map((each) => numbers.write(each))
  const given = `numbers: ${around.need('Numbers')}`
  const slot = `slot: ${around.need('Slot')}[Tensor]`
  const evaluated = methodOf(
    `_evaluated(self, ${slot}, ${given}) -> Tensor`,
    numbers.names,
    writeChoice(
      plan.parameter,
      settings,
      numbers,
      (leaf, inner) => writeParameter(leaf, inner),
      'value',
    ),
  )
  const used = usedIn([evaluated], numbers.names)
  return [
    ...numbersMethod('_evaluation_numbers', settings, plan, run, used, 'group["t"] - 1'),
    ...evaluated(used),
  ]
}
