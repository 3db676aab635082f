import { isEmpty } from '../../operators/interval-sets.ts'
import { finite, interval, type Interval } from '../../operators/interval.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type { Expression, Parameter, Range } from '../../syntax/ast.ts'
import { createGraph } from '../build.ts'
import { foldConstant } from '../fold.ts'
import type { GraphNode, Hyperparameter } from '../graph.ts'
import { lowerExpression } from './expressions.ts'
import { createFrame, createLowering, type Frame, type Lowering } from './lowering.ts'

/** A parameter with its interval and default as numbers; its expressions are noted in the frame. */
export function lowerParameter(
  lowering: Lowering,
  parameter: Parameter,
  frame = createFrame(),
): Hyperparameter {
  return {
    name: parameter.name.name,
    documentation: parameter.documentation,
    interval: parameter.range === undefined ? finite : lowerRange(lowering, frame, parameter.range),
    default:
      parameter.default === undefined
        ? undefined
        : constantValue(lowering, frame, parameter.default),
  }
}

function lowerRange(lowering: Lowering, frame: Frame, range: Range): Interval {
  const { lowOpen, highOpen } = range
  const low = constantValue(lowering, frame, range.low)
  const high = constantValue(lowering, frame, range.high)
  return interval(low, high, { lowOpen, highOpen })
}

/** The number a constant expression stands for; NaN when it stands for none. */
function constantValue(lowering: Lowering, frame: Frame, expression: Expression): number {
  return foldConstant(lowerExpression(lowering, frame, expression, new Map()))
}

/** The interval a parameter declares; undefined when it declares none, or one that cannot be read or is empty. */
export function declaredInterval(
  resolved: ResolvedModule,
  parameter: Parameter,
): Interval | undefined {
  const { range } = parameter
  if (range === undefined) return undefined
  if (declaredIntervals.has(parameter)) return declaredIntervals.get(parameter)
  const lowering = createLowering(resolved, createGraph(), new Map())
  const { low, high } = lowerRange(lowering, createFrame(), range)
  const { lowOpen, highOpen } = range
  const isRange =
    !Number.isNaN(low) && !Number.isNaN(high) && !isEmpty({ low, high, lowOpen, highOpen })
  const declared = isRange ? interval(low, high, { lowOpen, highOpen }) : undefined
  declaredIntervals.set(parameter, declared)
  return declared
}

const declaredIntervals = new WeakMap<Parameter, Interval | undefined>()

/** The value of a parameter that a call gives none. */
export function defaultValue(lowering: Lowering, parameter: Parameter): GraphNode {
  if (parameter.default !== undefined)
    return lowerExpression(lowering, createFrame(), parameter.default, new Map())
  const builtin = lowering.resolved.tables.implicitDefaults.get(parameter)
  return builtin === undefined ? lowering.graph.hole() : lowering.graph.input(builtin)
}
