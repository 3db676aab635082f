import type { Choice } from '../../plan/choice.ts'
import type { ParameterPlan, Round, StepPlan } from '../../plan/plan.ts'
import { binary, name, number, printCode, type Code } from '../code.ts'
import { initialCode } from '../python/arrays/expression.ts'
import {
  contributionsOf,
  fullCode,
  resultOf,
  writeStatements,
  type Written,
} from '../python/arrays/statements.ts'
import { expressionOf, writeOut } from '../python/expression.ts'
import { isNamed, textOf, type Lines } from '../python/lines.ts'
import { python } from '../python/notation.ts'
import { isFull, isTensor } from '../tensors.ts'
import type { Settings } from './class.ts'
import { kerasWords, type KerasWords } from './expression.ts'
import { createHead, STEP, type Demands, type Head, type Source } from './head.ts'
import { WEIGHT_DECAY } from './options.ts'
import { spellingOf } from './spellings.ts'

const print = (code: Code): string => printCode(code, python)

/** The methods of a class that its rule is written in. */
export function writeMethods(settings: Settings): Lines {
  const { plan, evaluation, options, runStates } = settings
  const changes = plan.runStates.some(({ next }) => next !== undefined)
  return [
    ...buildMethod(settings),
    '',
    ...updateMethod(settings),
    '',
    ...plan.rounds.flatMap((round, index) => [...addMethod(settings, round, index + 1), '']),
    ...((runStates.size > 0 && changes) || plan.rounds.length > 0
      ? [...collectiveMethod(settings), '']
      : []),
    ...(options.some((each) => each.name === WEIGHT_DECAY) ? [...DECAYS_ITSELF, ''] : []),
    ...(evaluation === undefined ? [] : [...evaluatedMethod(settings, evaluation), '']),
  ]
}

const DECAYS_ITSELF: Lines = [
  'def _apply_weight_decay(self, variables: list[Any]) -> None:',
  ['"""The rule decays weights itself."""'],
]

/** What is done for parameters of each kind of shape; every side returns, or is the last. */
function choiceLines(
  choice: Choice<ParameterPlan>,
  head: Head,
  write: (leaf: ParameterPlan, demands: Demands) => Lines,
): Lines {
  if (choice.kind === 'leaf') {
    const demands = head.demand()
    const body = write(choice.leaf, demands)
    return [...demands.lines(), ...body]
  }
  const condition = print(writeOut(choice.condition, head.words))
  const [then, otherwise] = [choice.then, choice.otherwise].map((side) =>
    choiceLines(side, head, write),
  ) as [Lines, Lines]
  if (JSON.stringify(then) === JSON.stringify(otherwise)) return then
  if (then.length === 0) return [`if not (${condition}):`, otherwise]
  return [`if ${condition}:`, then, ...(otherwise.length === 0 ? [] : ['else:', otherwise])]
}

/** The body of a method that does something for one parameter, with what it has to know in front. */
function bodyLines(
  choice: Choice<ParameterPlan>,
  head: Head,
  write: (leaf: ParameterPlan, demands: Demands) => Lines,
  behind: Lines = [],
): Lines {
  if (choice.kind !== 'leaf') {
    const body = [...choiceLines(choice, head, write), ...behind]
    return [...head.lines(body), ...body]
  }
  const demands = head.demand()
  const body = [...write(choice.leaf, demands), ...behind]
  return [...head.lines(body, demands), ...body]
}

function headOf(settings: Settings, plan: StepPlan, source: Source, rounds = Infinity): Head {
  const head = createHead(settings, plan, source)
  for (const each of plan.run) head.write(each)
  plan.rounds.slice(0, rounds).forEach((round) => round.run.forEach((each) => head.write(each)))
  return head
}

/** The statements of a parameter, with the states that they read. */
function statementsOf(
  leaf: ParameterPlan,
  settings: Settings,
  { words, scope }: Demands,
  finish: (written: Written<KerasWords>) => Lines,
): Lines {
  const { states, locals, around } = settings
  const written = writeStatements(leaf, {
    scope: scope.child(),
    words,
    states: locals,
    derive: (all, others) => kerasWords({ ...all, ...others }),
  })
  const lines = usedLines(written.lines, finish(written))
  const text = textOf(lines)
  const read = leaf.states.flatMap(({ index }) => {
    const called = leaf.program.states[index]!.name
    const local = locals.get(called)!
    const held = name(`self.${states.get(called)!}[index]`)
    return isNamed(local, text)
      ? [`${local} = ${print(around.build.prelude('working', held))}`]
      : []
  })
  return [...read, ...lines]
}

/** Lines in front of others without those that name what nothing reads: what is worked out outside reads no locals. */
function usedLines(lines: Lines, behind: Lines): Lines {
  return lines.reduceRight<Lines>((kept, line) => {
    const [, local] = typeof line === 'string' ? (/^(\w+) = /.exec(line) ?? []) : []
    return local !== undefined && !isNamed(local, textOf(kept)) ? kept : [line, ...kept]
  }, behind)
}

function updateMethod(settings: Settings): Lines {
  const { plan, around, told, states, locals } = settings
  const head = headOf(settings, plan, STEP)
  const write = (leaf: ParameterPlan, demands: Demands): Lines =>
    statementsOf(leaf, settings, demands, ({ words }) => {
      const update = expressionOf(resultOf(leaf), words)
      const after = print(binary('-', name('w'), update))
      const assigned = leaf.statements.flatMap((each) => {
        if (each.kind !== 'assign') return []
        const { index, called } = {
          index: each.state,
          called: leaf.program.states[each.state]!.name,
        }
        const { extent } = words.types.stateOf(index)
        const full = isTensor(words.types, each.value) && isFull(each.value, words.types, extent)
        const held = `self.${states.get(called)!}[index]`
        const local = locals.get(called)!
        return [
          full || each.guard !== undefined
            ? `self.assign(${held}, ${local})`
            : `self.assign(${held}, ${print(around.build.prelude('filled_like', name(local), name(held)))})`,
        ]
      })
      return [`self.assign(variable, ${after})`, ...assigned]
    })
  const counted = told.has('updates')
    ? ['self.assign(self.updates[index], self.updates[index] + 1)']
    : []
  return [
    'def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:',
    bodyLines(plan.parameter, head, write, counted),
  ]
}

/** The method that makes the variables of the optimizer. */
function buildMethod(settings: Settings): Lines {
  const { plan, states, told, around, runStates, totals } = settings
  const source: Source = {
    step: '0',
    rate: 'self.learning_rate',
    updates: '0',
    hasVariable: false,
  }
  const head = createHead(settings, plan, source)
  const all = [...states.values()]
  const ofLeaf = (leaf: ParameterPlan): Lines => {
    const kept = new Map(
      leaf.states.map((each) => [leaf.program.states[each.index]!.name, each] as const),
    )
    return [...states].map(([called, member]) => {
      const state = kept.get(called)
      if (state === undefined) return `self.${member}.append(None)`
      const demands = head.demand()
      const start = initialCode(state.initial, plan.types.stateOf(state.index).extent, {
        ...demands.words,
        outside: () => undefined,
        variable: () => undefined,
      })
      return `self.${member}.append(${print(around.build.prelude('add_state', name('self'), name('variable'), name(JSON.stringify(member)), functionOfW(start)))})`
    })
  }
  const perVariable = choiceLines(plan.parameter, head, ofLeaf)
  const starts = plan.runStates.map((state) => {
    const { member } = runStates.get(state.index)!
    const isLate = plan.types.stateOf(state.index).known === 'gradient'
    const start = writeOut(state.initial, head.words)
    const type = isLate ? name('"float32"') : name(around.need('WIDE'))
    return `self.${member} = ${print(around.build.prelude('add_number', name('self'), name(JSON.stringify(member)), start, type))}`
  })
  const sums = [...totals.values()].map(
    ({ member }) =>
      `self.${member} = ${print(around.build.prelude('add_number', name('self'), name(JSON.stringify(member)), number(0, '0.0'), name('"float32"')))}`,
  )
  const hidden = told.has('isHidden')
    ? ['self.of_hidden = [self.hidden is None or bool(self.hidden(v)) for v in variables]']
    : []
  const counters = told.has('updates')
    ? [
        `self.updates = [${print(around.build.prelude('add_number', name('self'), name('"updates"'), number(0), name('"int32"')))} for _ in variables]`,
      ]
    : []
  const asksHidden = isNamed('of_hidden', textOf(perVariable))
  const needsW = textOf(perVariable)
    .split('\n')
    .some((line) => /^ *if /.test(line) && isNamed('w', line))
  const body: Lines = [
    ...hidden,
    ...counters,
    ...starts,
    ...sums,
    ...(all.length === 0
      ? []
      : [
          ...all.map((each) => `self.${each}: list[Any] = []`),
          ...(asksHidden
            ? ['for variable, of_hidden in zip(variables, self.of_hidden, strict=True):']
            : ['for variable in variables:']),
          [...(needsW ? ['w = variable'] : []), ...perVariable],
        ]),
  ]
  return [
    'def build(self, variables: list[Any]) -> None:',
    ['if self.built:', ['return'], 'super().build(variables)', ...head.lines(body), ...body],
  ]
}

/** A function of the value of a variable. */
function functionOfW(code: Code): Code {
  const isPlain =
    code.kind === 'call' &&
    code.arguments.length === 1 &&
    code.arguments[0]!.kind === 'name' &&
    code.arguments[0]!.name === 'w'
  return isPlain && code.kind === 'call' ? code.callee : name(`lambda w: ${print(code)}`)
}

/** The method that gives what a parameter adds to the totals of a round. */
function addMethod(settings: Settings, round: Round, index: number): Lines {
  const head = headOf(settings, settings.plan, STEP, index - 1)
  const write = (leaf: ParameterPlan, demands: Demands): Lines =>
    statementsOf(leaf, settings, demands, ({ words }) => {
      const added = contributionsOf(leaf, words)
      return [`return ${added.length === 1 ? `(${added[0]!},)` : added.join(', ')}`]
    })
  return [
    `def _add_${index}(self, gradient: Any, variable: Any, learning_rate: Any) -> tuple[Any, ...]:`,
    bodyLines(round.parameter, head, write),
  ]
}

/** The method that updates all parameters, with what is found over all of them. */
function collectiveMethod(settings: Settings): Lines {
  const { plan, around, totals, runStates } = settings
  const source: Source = { ...STEP, hasVariable: false }
  const rounds = plan.rounds.flatMap((round, at): Lines => {
    const sums = round.totals.map(({ index, operator: { whole } }, place) => {
      const parts = around.build.prelude('stacked', name('added'), number(place))
      const argument = { code: parts, isNumber: false, isTensor: true, constant: undefined }
      const value = print(spellingOf(whole)(around.build, argument))
      return `self.assign(self.${totals.get(index)!.member}, ${value})`
    })
    return [`added = [self._add_${at + 1}(g, v, learning_rate) for g, v in pairs]`, ...sums]
  })
  const head = headOf(settings, plan, source)
  const next = plan.runStates.flatMap((state) => {
    if (state.next === undefined) return []
    const code = head.words.kept(state.next, expressionOf(state.next, head.words))
    return [{ member: runStates.get(state.index)!.member, code: print(code) }]
  })
  const values = next.map(({ code }) => code)
  const finish: Lines = values.length === 0 ? [] : finishLines(next)
  return [
    'def _backend_update_step(self, grads: Any, trainable_variables: Any, learning_rate: Any) -> None:',
    [
      ...(rounds.length === 0
        ? []
        : ['pairs = list(zip(grads, trainable_variables, strict=True))', ...rounds]),
      'super()._backend_update_step(grads, trainable_variables, learning_rate)',
      ...head.lines(finish),
      ...finish,
    ],
  ]
}

/** All are worked out before any is changed. */
function finishLines(next: readonly { readonly member: string; readonly code: string }[]): Lines {
  const isNew = next.every(({ code }) => /^\w+$/.test(code))
  if (next.length === 1 || isNew)
    return next.map(({ member, code }) => `self.assign(self.${member}, ${code})`)
  return [
    ...next.map(({ member, code }) => `${member}_after = ${code}`),
    ...next.map(({ member }) => `self.assign(self.${member}, ${member}_after)`),
  ]
}

/** The method that gives the value to evaluate a model with in the place of that of a variable. */
function evaluatedMethod(settings: Settings, plan: StepPlan): Lines {
  const { around, options } = settings
  const rate = options.find(({ isRate }) => isRate)
  const source: Source = {
    step: 'self.iterations - 1',
    rate: 'last_rate(self)',
    updates: 'self.updates[index] - 1',
    hasVariable: true,
  }
  const head = headOf(settings, plan, source)
  const write = (leaf: ParameterPlan, demands: Demands): Lines =>
    statementsOf(leaf, settings, demands, ({ words }) => [
      `return ${print(fullCode(resultOf(leaf), words))}`,
    ])
  const body = bodyLines(plan.parameter, head, write)
  if (rate !== undefined && textOf(body).includes('last_rate(')) around.need('last_rate')

  return ['def evaluated(self, variable: Any) -> Any:', body]
}
