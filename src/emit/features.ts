import { analyze } from '../ir/analysis/analyze.ts'
import { reachable } from '../ir/build.ts'
import type { Program } from '../ir/graph.ts'
import type { LoweredOptimizer } from '../ir/lowering/lower.ts'
import type { Body } from '../ir/lowering/occurrence.ts'
import { rootsOf } from '../ir/rewrite.ts'
import type { Operator } from '../operators/operator.ts'
import { axisOf } from '../operators/table.ts'
import { firstPlace, type Place } from './place.ts'

/** What a program can ask of a target beyond arithmetic on elements and sums of all of them. */
export interface Feature {
  /** What users call it, in the plural. */
  readonly name: string
  readonly isUsedBy: (program: Program) => boolean
  /** The first place of the source that asks for it; undefined where nothing that is written does. */
  readonly placeIn: (optimizer: LoweredOptimizer) => Place | undefined
}

const ofOperators = (name: string, isOne: (operator: Operator) => boolean): Feature => ({
  name,
  isUsedBy: (program) =>
    reachable(rootsOf(program)).some((node) => node.kind === 'apply' && isOne(node.operator)),
  placeIn: ({ body }) => firstPlace(body, (each) => expressionsWith(each, isOne)),
})

function expressionsWith({ occurrences }: Body, isOne: (operator: Operator) => boolean) {
  return [...occurrences.values()].flatMap(({ expression, operator }) =>
    operator !== undefined && isOne(operator) ? [expression.span] : [],
  )
}

const isRunState = (program: Program): ((index: number) => boolean) => {
  const { stateOf } = analyze(program)
  return (index) => stateOf(index).extent === 'run'
}

/** Every feature; a target names those it supports. */
export const features = {
  axes: ofOperators(
    'reductions along one axis',
    (operator) => operator.kind === 'reduction' && axisOf(operator) !== undefined,
  ),
  matrices: ofOperators('matrices', ({ kind }) => kind === 'matrix'),
  totals: ofOperators('numbers over all parameters', ({ kind }) => kind === 'global'),
  random: ofOperators('random numbers', ({ kind }) => kind === 'random'),
  runStates: {
    name: 'states that are one number for the run',
    isUsedBy: (program) => [...program.states.keys()].some(isRunState(program)),
    placeIn: ({ program, body }) => {
      const isOne = isRunState(program)
      return firstPlace(body, ({ states }) =>
        [...states].flatMap(([{ span }, index]) => (isOne(index) ? [span] : [])),
      )
    },
  },
  told: ofOperators(
    'facts of parameters beside their shapes',
    (operator) => operator.kind === 'shape' && operator.restsOn !== undefined,
  ),
  evaluation: {
    name: 'weights to evaluate with',
    isUsedBy: ({ evaluate }) => evaluate !== undefined,
    placeIn: ({ body, evaluation }) => {
      const [first] = evaluation?.statements ?? []
      return first && { path: body.path, span: first.statement.span }
    },
  },
} as const satisfies Readonly<Record<string, Feature>>

export type FeatureName = keyof typeof features

/** The names of all features. */
export const featureNames = Object.keys(features) as readonly FeatureName[]
