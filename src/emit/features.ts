import { analyze } from '../ir/analysis/analyze.ts'
import { reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { rootsOf } from '../ir/rewrite.ts'
import { axisOf } from '../operators/table.ts'
import type { Target } from './target.ts'

/** What a program can ask of a target beyond arithmetic on elements and sums of all of them. */
export interface Feature {
  /** What users call it, in the plural. */
  readonly name: string
  readonly isUsedBy: (program: Program) => boolean
}

const usesNode =
  (isOne: (node: GraphNode) => boolean): Feature['isUsedBy'] =>
  (program) =>
    reachable(rootsOf(program)).some(isOne)

const usesOperator = (
  isOne: (node: Extract<GraphNode, { kind: 'apply' }>) => boolean,
): Feature['isUsedBy'] => usesNode((node) => node.kind === 'apply' && isOne(node))

/** Every feature; a target names those it supports. */
export const features = {
  axes: {
    name: 'reductions along one axis',
    isUsedBy: usesOperator(({ operator }) => axisOf(operator) !== undefined),
  },
  matrices: {
    name: 'matrices',
    isUsedBy: usesOperator(({ operator }) => operator.kind === 'matrix'),
  },
  totals: {
    name: 'numbers over all parameters',
    isUsedBy: usesOperator(({ operator }) => operator.kind === 'global'),
  },
  random: {
    name: 'random numbers',
    isUsedBy: usesOperator(({ operator }) => operator.kind === 'random'),
  },
  runStates: {
    name: 'states that are one number for the run',
    isUsedBy: (program) =>
      program.states.some((_, index) => analyze(program).stateOf(index).extent === 'run'),
  },
  told: {
    name: 'facts of parameters beside their shapes',
    isUsedBy: usesOperator(
      ({ operator }) => operator.kind === 'shape' && operator.restsOn !== undefined,
    ),
  },
  evaluation: {
    name: 'weights to evaluate with',
    isUsedBy: ({ evaluate }) => evaluate !== undefined,
  },
} as const satisfies Readonly<Record<string, Feature>>

export type FeatureName = keyof typeof features

/** The names of all features. */
export const featureNames = Object.keys(features) as readonly FeatureName[]

/**
 * Why a target cannot print the programs, as a sentence for each of them that asks for what it does not support. Targets print
 * programs without any.
 */
export function unsupportedBy(
  { name, supports }: Pick<Target, 'name' | 'supports'>,
  programs: readonly Program[],
): readonly string[] {
  return programs.flatMap((program) => {
    const missing = featureNames.filter(
      (feature) => !supports.includes(feature) && features[feature].isUsedBy(program),
    )
    if (missing.length === 0) return []
    const names = missing.map((feature) => features[feature].name).join(', ')
    return [`${program.name} needs ${names}, which the target ${name} does not support`]
  })
}
