import type { Hyperparameter, Program } from '../../../ir/graph.ts'
import type { RunState, StepPlan } from '../../../plan/plan.ts'
import type { Functions } from '../function.ts'
import type { KernelTable } from '../kernels/table.ts'
import { camelCase, createNamePool, INHERITED_NAMES, type NamePool } from '../names.ts'
import type { PreludeName } from '../prelude-sources.ts'

/** What the module around a class provides. */
export interface ModuleSurroundings {
  readonly scope: NamePool
  readonly functions: Functions
  /** Notes that a piece of the target's prelude is used, and gives its name. */
  need(name: PreludeName): PreludeName
  /** Where classes take their steps by kernels too. */
  readonly kernels: KernelTable | undefined
}

/** What the parts of a class have to agree about. */
export interface Settings {
  readonly program: Program
  readonly plan: StepPlan
  /** The plan of the weights to evaluate with, where these are others than those it is trained at. */
  readonly evaluation: StepPlan | undefined
  /** What is asked of a parameter beside its shape, in a step or in what is evaluated. */
  readonly told: StepPlan['told']
  readonly name: string
  readonly options: readonly Option[]
  readonly around: ModuleSurroundings
  /** The names of the states that are one number for the run, by the index of the state. */
  readonly numbers: ReadonlyMap<number, string>
  /** The names of the states of parameters, as the program has them. */
  readonly stateNames: readonly string[]
}

/** Whether a number of the run is a 32-bit one that rests on totals, which the class keeps in a tensor. */
export function isLate({ types }: StepPlan, { index }: RunState): boolean {
  return types.stateOf(index).known === 'gradient'
}

/** Whether the class keeps numbers of the run in tensors. */
export function hasLateNumbers(plan: StepPlan): boolean {
  return plan.runStates.some((state) => isLate(plan, state))
}

/** The type of the keys of hyperparameters. */
export function keyType(options: Settings['options']): string {
  return options.length === 0 ? 'never' : options.map(({ key }) => `'${key}'`).join(' | ')
}

/** Members that tf.Optimizer has, that emitted classes add, or that say to JavaScript what an object is. */
export const MEMBERS: readonly string[] = [
  ...(
    'applyGradients minimize computeGradients iterations iterations_ incrementIterations dispose saveIterations getWeights ' +
    'setWeights extractIterations getConfig getClassName states steps run unmatched totalSteps seed evaluation evaluationWeights withEvaluationWeights notHidden counts then toJSON'
  ).split(' '),
  ...INHERITED_NAMES,
]

/** Options that classes have beside their hyperparameters, or that tfjs adds. */
const OPTIONS = [
  'totalSteps',
  'seed',
  'groups',
  'onNonFinite',
  'accumulate',
  'notHidden',
  'customObjects',
]

/** A hyperparameter under its names in the emitted code. */
export interface Option {
  readonly source: Hyperparameter
  /** Key of the options and of the configuration. */
  readonly key: string
  /** Member of the class. Users of tfjs expect `learningRate`. */
  readonly member: string
}

/** The names of a program's hyperparameters in the emitted code. */
export function nameOptions(program: Program): Option[] {
  const keys = createKeys([...OPTIONS, 'match', ...INHERITED_NAMES])
  const members = createKeys(MEMBERS)
  return program.hyperparameters.map((source) => {
    const key = keys(camelCase(source.name))
    return { source, key, member: members(source.name === 'lr' ? 'learningRate' : key) }
  })
}

/** The names of the states that are one number for the run in the emitted code, by the index of the state. */
export function nameRunStates({ runStates }: Pick<StepPlan, 'runStates'>): Map<number, string> {
  const scope = createNamePool(INHERITED_NAMES)
  return new Map(runStates.map(({ index, name }) => [index, scope.declare(camelCase(name))]))
}

/** Hands out keys, each once. A key holds no underscore: tfjs drops those when it loads a saved optimizer. */
function createKeys(reserved: readonly string[]): (wanted: string) => string {
  const taken = new Set(reserved)
  return (wanted) => {
    let key = wanted
    while (taken.has(key)) key += 'Value'
    taken.add(key)
    return key
  }
}
