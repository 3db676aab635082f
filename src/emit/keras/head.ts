import type { GraphNode } from '../../ir/graph.ts'
import type { Named, StepPlan } from '../../plan/plan.ts'
import { suggestName } from '../../plan/names.ts'
import { name, printCode, type Code } from '../code.ts'
import type { NamePool } from '../names.ts'
import { writeOut } from '../python/expression.ts'
import { isNamed, textOf, type Lines } from '../python/lines.ts'
import { snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { isTensor, isTruth } from '../tensors.ts'
import type { Settings } from './class.ts'
import {
  castTo,
  OF_PARAMETER,
  kerasWords,
  restsOn,
  shortOperands,
  typedSides,
  type KerasWords,
} from './expression.ts'
import { RATE, WEIGHT_DECAY } from './options.ts'

const print = (code: Code): string => printCode(code, python)

/** A line that names something. */
interface Definition {
  readonly name: string
  readonly text: string
  /** What stands for the text where the type of the parameter is enough. */
  readonly short?: string
}

/** What a method knows of a step before the statements of a parameter: only what is named is written. */
export interface Head {
  readonly scope: NamePool
  /** Words for numbers of the run. */
  readonly words: KerasWords
  /** Names a number of the run. */
  write(named: Named): void
  /** Words for the statements of a parameter, which note what they ask for in `Demands`. */
  demand(): Demands
  /** The lines in front of others, which `demands` come from where these are those of one parameter. */
  lines(body: Lines, demands?: Demands): Lines
}

/** What names the text of a definition holds. */
const textOfDefinition = (each: Definition): string => each.short ?? each.text

/** What statements of a parameter ask for. */
export interface Demands {
  readonly words: KerasWords
  /** The names of what statements need in front of them: theirs differ. */
  readonly scope: NamePool
  /** The lines in front of them, without those of the head. */
  lines(): Lines
  readonly definitions: readonly Definition[]
  readonly short: ReadonlySet<string>
}

/** Where the numbers of a head come from. */
export interface Source {
  /** The step as whole number, and the learning rate. */
  readonly step: string
  readonly rate: string
  /** How often a parameter was updated before. */
  readonly updates: string
  /** Whether there is a parameter, which may not decay. */
  readonly hasVariable: boolean
}

/** What is known of the step that is taken. */
export const STEP: Source = {
  step: 'self.iterations',
  rate: 'learning_rate',
  updates: 'self.updates[index]',
  hasVariable: true,
}

/** The head of a method. */
export function createHead(settings: Settings, plan: StepPlan, source: Source): Head {
  const { around, options, runStates, totals } = settings
  const { build } = around
  const scope = settings.scope.child()
  const named = new Map<GraphNode, string>()
  const definitions: Definition[] = basicDefinitions(settings, source)
  const rate = options.find(({ isRate }) => isRate)
  const decay = options.find((each) => each.name === WEIGHT_DECAY)
  const isPython = restsOn((node) =>
    node.kind === 'parameter'
      ? node.name !== RATE || rate === undefined
      : node.kind === 'input' && node.name === 'T',
  )
  const words = kerasWords({
    types: plan.types,
    build,
    isPython,
    operand: shortOperands(plan.types, isPython, build),
    outside: () => undefined,
    variable: (node) => {
      const found = named.get(node)
      return found === undefined ? undefined : name(found)
    },
    parameter: (wanted) => {
      const option = options.find((each) => each.source.name === wanted)!
      if (option.isRate || (option === decay && source.hasVariable)) return name(option.name)
      return name('self', option.name)
    },
    state: (index) => name(runStates.get(index)!.local),
    total: (index) => name(totals.get(index)!.local),
    functionName: around.functions.nameOf,
  })
  const allLines = (body: Lines, demands: Demands | undefined): Lines => {
    const more = demands?.definitions ?? []
    const text = textOf(body)
    const short = demands?.short ?? new Set<string>()
    return headLines([...definitions, ...more], text, short, build)
  }
  return {
    scope,
    words,
    write: ({ node, name: wanted }) => {
      const text = print(writeOut(node, words))
      const local = scope.declare(snakeCase(wanted))
      named.set(node, local)
      definitions.push({ name: local, text })
    },
    demand: () => createDemands(words, scope.child(), plan, named, isPython),
    lines: allLines,
  }
}

/** What every method may name. What a line uses becomes part of the module once it is written. */
function basicDefinitions(
  { around, options, runStates, totals, told, plan }: Settings,
  { step, rate, updates, hasVariable }: Source,
): Definition[] {
  const { build } = around
  const made = (
    called: string,
    piece: 'steps_of' | 'wide' | 'working',
    of: string,
  ): Definition => ({
    name: called,
    get text() {
      return print(build.prelude(piece, name(of)))
    },
    ...(piece === 'wide' && { short: of }),
  })
  const decay = options.find((each) => each.name === WEIGHT_DECAY)
  const learned = options.find(({ isRate }) => isRate)
  const ofVariable: readonly Definition[] = [
    { name: 'index', text: 'self._get_variable_index(variable)' },
    made('w', 'working', 'variable'),
    made('g', 'working', 'gradient'),
  ]
  return [
    ...(hasVariable ? ofVariable : []),
    made('T', 'steps_of', 'self.total_steps'),
    made('t', 'wide', step),
    ...(learned === undefined ? [] : [made(learned.name, 'wide', rate)]),
    ...(decay !== undefined && hasVariable
      ? [
          {
            name: decay.name,
            text: `self.${decay.name} if self._use_weight_decay(variable) else 0.0`,
          },
        ]
      : []),
    ...(plan.draws ? [{ name: 'seed', text: 'self.seed' }] : []),
    ...(told.has('updates') && hasVariable ? [made('updates', 'wide', updates)] : []),
    ...(told.has('isHidden') && hasVariable
      ? [{ name: 'of_hidden', text: 'self.of_hidden[index]' }]
      : []),
    ...[...runStates.values(), ...totals.values()].map((each) =>
      made(each.local, 'working', `self.${each.member}`),
    ),
  ]
}

/** The definitions that are named, each once; what is wanted in the type of the parameter is cast. */
function headLines(
  definitions: readonly Definition[],
  body: string,
  short: ReadonlySet<string>,
  build: KerasWords['build'],
): Lines {
  const needed: Definition[] = []
  let text = body
  const cast = (code: string): string => print(castTo(build, name(code)))
  for (const each of [...definitions].reverse())
    if (
      isNamed(each.name, text) ||
      (each.name === 'w' && needed.some((other) => short.has(other.name)))
    ) {
      needed.unshift(each)
      text += `\n${textOfDefinition(each)}`
    }
  const isReadBy = ({ name: called }: Definition): boolean =>
    needed.some((other) => isNamed(called, textOfDefinition(other)))
  const early = needed.filter((each) => short.has(each.name) && !isReadBy(each))
  const late = needed.filter((each) => short.has(each.name) && isReadBy(each))
  return [
    ...needed.map((each) => {
      const isEarly = early.includes(each)
      return `${each.name} = ${isEarly ? cast(each.short ?? each.text) : each.text}`
    }),
    ...late.map((each) => `${each.name} = ${cast(each.name)}`),
  ]
}

/**
 * Words for the statements of a parameter. What is known without its tensors is worked out in front of them in all the bits there
 * are, and then cast.
 */
function createDemands(
  wide: KerasWords,
  scope: NamePool,
  { types }: StepPlan,
  named: ReadonlyMap<GraphNode, string>,
  isPython: (node: GraphNode) => boolean,
): Demands {
  const definitions: Definition[] = []
  const short = new Set<string>()
  const own = new Map<GraphNode, string>()
  const inner: KerasWords = kerasWords({
    ...wide,
    variable: (node) => {
      const found = own.get(node)
      return found === undefined ? wide.variable(node) : name(found)
    },
  })
  const isOutside = (node: GraphNode): boolean =>
    !isPython(node) && (!isTensor(types, node) || types.placementOf(node).extent === 'run')
  const nameOf = (node: GraphNode): string | undefined =>
    own.get(node) ??
    named.get(node) ??
    (node.kind === 'parameter' || node.kind === 'input' ? node.name : undefined)
  const isName = (node: GraphNode): boolean => node.kind !== 'apply' && node.kind !== 'call'
  const outside: KerasWords['outside'] = (node, wanted) => {
    if (!isOutside(node)) return undefined
    let code = inner.variable(node) ?? (isName(node) ? writeOut(node, inner) : undefined)
    if (code === undefined) {
      const text = print(writeOut(node, inner))
      const local = scope.declare(snakeCase(wanted ?? suggestName(node, undefined, nameOf, true)))
      own.set(node, local)
      definitions.push({ name: local, text })
      code = name(local)
    }
    if (!isTruth(node)) short.add(print(code))
    return code
  }
  return {
    scope,
    words: kerasWords({
      ...wide,
      operand: typedSides(types, isPython, wide.build, OF_PARAMETER),
      outside,
    }),
    definitions,
    short,
    lines: () => {
      const late = [...short].map((each) => `${each} = ${print(castTo(wide.build, name(each)))}`)
      return [...definitions.map((each) => `${each.name} = ${each.text}`), ...late]
    },
  }
}
