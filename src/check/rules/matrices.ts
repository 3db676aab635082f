import type { Place } from '../../ir/analysis/values.ts'
import { rangeOf } from '../../ir/analysis/range-of.ts'
import { isFromShape, operands } from '../../ir/build.ts'
import type { GraphNode } from '../../ir/graph.ts'
import type { Body, Occurrence } from '../../ir/lowering/occurrence.ts'
import { disjoint } from '../../operators/interval-sets.ts'
import { exactly, type Interval } from '../../operators/interval.ts'
import type { Operator } from '../../operators/operator.ts'
import { axisOf } from '../../operators/table.ts'
import {
  broadcasts,
  isOwnMatrix,
  matrixAxes,
  matrixExtent,
  meets,
  type Extent,
  type MatrixAxes,
} from '../../operators/type.ts'
import type { Fix } from '../../diagnostics/diagnostic.ts'
import type { Expression, Statement } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { placementName } from '../placement-name.ts'
import type { Site } from '../site.ts'
import type { Kind, Subject } from '../subject.ts'

/** Whether an operator is given a matrix, or wants one. */
export function concernsMatrices(subject: Subject, { operator, operands }: Occurrence): boolean {
  if (operator === undefined || operator.kind === 'shape') return false
  if (operator.kind === 'matrix') return true
  return operands.some(({ node }) => isOwnMatrix(subject.extentOf(node)))
}

/** Operands that are no matrices where those are wanted, or that are over axes which do not meet. */
export function checkAxes(site: Site): readonly Finding[] {
  const { operator } = site.occurrence
  if (operator === undefined || site.kinds().some(({ isUnknown }) => isUnknown)) return []
  if (operator.kind !== 'matrix') return checkMeeting(site, operator)
  const wanted = operator.parameters.flatMap((parameter, index) => {
    const isMatrix = site.subject.isMatrix(site.occurrence.operands[index]!.node)
    return parameter.matrix === true && !isMatrix ? [noMatrix(site, operator, index)] : []
  })
  if (wanted.length > 0) return wanted
  const axes = site.kinds().flatMap(({ extent }) => matrixAxes(extent) ?? [])
  const mismatch = operator.mismatch(...pairs(axes))
  if (mismatch === undefined) return []
  const [first, second] = mismatch
  const name = called(operator)
  const isProduct = operator.parameters.filter(({ matrix }) => matrix === true).length > 1
  return [
    finding(
      'axes-do-not-meet',
      site.kinds().some(({ isGuessed }) => isGuessed),
      {
        path: site.path,
        span: site.occurrence.expression.span,
        message: isProduct
          ? `${name} cannot multiply ${matrixNames(site)}: the columns of the first are over its ${first}, the rows of the second over its ${second}`
          : `${name} wants a matrix over one axis, and this is a ${matrixNames(site)}: its rows are over its ${first}, its columns over its ${second}`,
        label: isProduct ? `${first} meet ${second}` : 'not square',
        ...(isProduct
          ? transposing(site, (extents) => {
              const turned = extents.flatMap((extent) => matrixAxes(extent) ?? [])
              return operator.mismatch(...pairs(turned)) === undefined
            })
          : { help: SQUARES }),
      },
    ),
  ]
}

const SQUARES =
  'of a matrix `x`, `matmul(x, transpose(x))` is one over its inputs and `matmul(transpose(x), x)` one over its outputs'

const called = (operator: Operator): string =>
  `\`${operator.fixity?.symbol ?? operator.callName ?? operator.name}\``

function pairs(axes: readonly MatrixAxes[number][]): readonly MatrixAxes[] {
  const found: MatrixAxes[] = []
  for (let index = 0; index + 1 < axes.length; index += 2)
    found.push([axes[index]!, axes[index + 1]!])
  return found
}

const matrixName = (extent: Extent): string =>
  extent === 'element' ? 'matrix(inputs, outputs)' : extent

const matrixNames = (site: Site): string =>
  site
    .kinds()
    .filter(({ extent }) => matrixAxes(extent) !== undefined)
    .map(({ extent }) => matrixName(extent))
    .join(' by ')

function noMatrix({ occurrence, kinds, path }: Site, operator: Operator, index: number): Finding {
  const kind = kinds()[index]!
  const isChoice = matrixAxes(kind.extent) !== undefined
  return finding('not-a-matrix', kind.isGuessed, {
    path,
    span: (occurrence.operands[index]!.expression ?? occurrence.expression).span,
    message: isChoice
      ? `${called(operator)} wants a matrix here, and one side of this choice is none`
      : `${called(operator)} wants a matrix here, and this is ${placementName(kind)}`,
    help: isChoice
      ? 'write that side as a matrix too, such as `0 * g`'
      : kind.extent.startsWith('per')
        ? 'multiply element by element, with `*`; a sum over one axis is `sum(a * b, over = inputs)`'
        : 'multiply numbers with `*`; a state that starts with `eye(inputs)` is a matrix',
  })
}

/** That matrices over different axes stand in an operator that works element by element, or reduces an axis. */
function checkMeeting(site: Site, operator: Operator): readonly Finding[] {
  const kinds = site.kinds()
  const areElements = operator.kind === 'random' || axisOf(operator) !== undefined
  const fits = (extents: readonly Extent[]): boolean =>
    extents.every((extent, index) =>
      areElements
        ? broadcasts(extent, 'element')
        : extents.slice(0, index).every((other) => meets(extent, other)),
    )
  const extents = kinds.map(({ extent }) => extent)
  if (fits(extents)) return []
  const last = kinds.findIndex((_, index) => !fits(extents.slice(0, index + 1)))
  const other = kinds.slice(0, last).find(({ extent }) => !meets(extent, kinds[last]!.extent))
  const what = placementName(named(kinds[last]!))
  return [
    finding(
      'axes-do-not-meet',
      kinds.some(({ isGuessed }) => isGuessed),
      {
        path: site.path,
        span: site.occurrence.expression.span,
        message:
          other === undefined
            ? `${called(operator)} works on one number for each element here, and this is ${what}`
            : `${called(operator)} meets ${placementName(named(other))} with ${what}`,
        label: 'axes that do not meet',
        ...transposing(site, fits),
      },
    ),
  ]
}

/** An element is a matrix, where it is spoken of beside others. */
const named = (kind: Kind): Kind =>
  kind.extent === 'element' ? { ...kind, extent: 'matrix(inputs, outputs)' } : kind

/** How transposing one of the operands makes them fit, where it does. */
function transposing(
  { occurrence, kinds }: Site,
  fits: (extents: readonly Extent[]) => boolean,
): { readonly help: string; readonly fix?: Fix } {
  const extents = kinds().map(({ extent }) => extent)
  for (const index of [...extents.keys()].reverse()) {
    const axes = matrixAxes(extents[index]!)
    const span = occurrence.operands[index]!.expression?.span
    if (axes === undefined || span === undefined) continue
    const turned = matrixExtent([axes[1], axes[0]])
    if (turned === extents[index] || !fits(extents.with(index, turned))) continue
    const edits = [
      { span: { start: span.start, end: span.start }, text: 'transpose(' },
      { span: { start: span.end, end: span.end }, text: ')' },
    ]
    return { help: 'transpose one of them', fix: { title: 'transpose it', edits } }
  }
  return { help: '`optc explain matrices` says which matrices meet' }
}

/** That a statement gives a state, or the update, a matrix over other axes than it has. */
export function checkExtent(
  { span }: Expression,
  value: Kind,
  wanted: Extent,
  name: string,
  path: string,
): readonly Finding[] {
  if (value.isUnknown || broadcasts(value.extent, wanted)) return []
  const holds = placementName({ known: 'gradient', extent: matrixName(wanted) as Extent })
  return [
    finding('axes-do-not-meet', value.isGuessed, {
      path,
      span,
      message: `\`${name}\` is ${holds}, and this is ${placementName(named(value))}`,
      label: 'axes that do not meet',
      help: 'multiply it by a matrix that makes it one, or give it a name with `let`',
    }),
  ]
}

/** Operators on matrices in a body that stands at `place`, where its parameter may be none. */
export function checkGuards(subject: Subject, body: Body, place: Place): readonly Finding[] {
  const bare = [...body.occurrences.values()].filter(
    ({ operator, condition }) =>
      operator?.kind === 'matrix' && !excludesVectors(subject.values.under(place, condition)),
  )
  // What stands in another one is not told twice.
  const outermost = bare.filter(({ expression: { span } }) =>
    bare.every(
      ({ expression: { span: other } }) =>
        other === span || other.start > span.start || other.end < span.end,
    ),
  )
  return outermost.map(({ operator, expression }) =>
    finding('matrix-without-guard', subject.isTemplate, {
      path: body.path,
      span: expression.span,
      message: `${called(operator!)} needs a parameter of rank 2 and more, and \`w\` may be a vector`,
      label: 'not inside of an `if rank(w) >= 2`',
      help: GUARD,
    }),
  )
}

const GUARD =
  'put it inside of `if rank(w) >= 2 { ... }`, and the rule for vectors and numbers behind `else`'

/** Whether what conditions above a place say of shapes can be so for no parameter of rank 0 or 1. */
function excludesVectors(place: Place): boolean {
  for (let at: Place | undefined = place; at !== undefined; at = at.above)
    if (at.node !== undefined && isFromShape(at.node) && disjoint(ofVectors(at.node), at.range))
      return true
  return false
}

/** The interval of a value that is made of facts about the shape and constants, for parameters of rank 0 and 1. */
function ofVectors(node: GraphNode): Interval {
  if (node.kind === 'constant') return exactly(node.value)
  if (node.kind !== 'apply') return exactly(NaN)
  if (node.operator.kind === 'shape') return node.operator.belowMatrix
  return rangeOf(node.operator, operands(node).map(ofVectors))
}

/** The findings about an optimizer; the first matrix without a guard with an edit that puts one around the statements. */
export function withGuard(
  findings: readonly Finding[],
  statements: readonly Statement[],
  path: string,
  hasRate: boolean,
): readonly Finding[] {
  const [first, last] = [statements[0], statements.at(-1)]
  if (first === undefined || last === undefined) return findings
  const step = hasRate ? 'lr * g' : 'g'
  const fix: Fix = {
    title: 'put an `if rank(w) >= 2` around the statements',
    edits: [
      {
        span: { start: first.span.start, end: first.span.start },
        text: 'if rank(w) >= 2 {\n',
      },
      {
        span: { start: last.span.end, end: last.span.end },
        text: `\n} else {\n  update = ${step}\n}`,
      },
    ],
  }
  let isGiven = false
  return findings.map((each) => {
    const { diagnostic } = each
    if (diagnostic.code !== 'matrix-without-guard' || diagnostic.path !== path) return each
    const given = isGiven ? {} : { fix }
    isGiven = true
    return { ...each, diagnostic: { ...diagnostic, help: GUARD, ...given } }
  })
}
