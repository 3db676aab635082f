import type { Types } from '../../ir/analysis/analyze.ts'
import type { ApplyNode, GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import { reachable } from '../../ir/build.ts'
import { axisOf } from '../../operators/table.ts'
import { matrixAxes, type Axis, type Extent } from '../../operators/type.ts'
import { binary, call, isAtom, list, name, number, printCode, unary, type Code } from '../code.ts'
import { numberForm, roundedForTensor } from '../number-form.ts'
import { elementsWanted, isFull, isMatrixOfElements, isTensor, picksOnHost } from '../tensors.ts'
import type { PreludeName } from './prelude-sources.ts'
import { createBuilder, spellingOf, type Form } from './spellings.ts'

/** What the names in an expression are. */
export interface Vocabulary {
  readonly types: Types
  /** The variable that holds the value; undefined when the expression is to be written out. */
  variable(node: GraphNode): string | undefined
  parameter(name: string): string
  state(index: number): string
  /** The number over all parameters with that index. */
  total(index: number): string
  call(callee: ScheduleFunction, arguments_: readonly { text: string; node: GraphNode }[]): string
  /** Notes that a function of the target's prelude is called. */
  need(name: PreludeName): void
}

export interface Expression {
  readonly code: Code
  readonly text: string
  /** Whether it needs parentheses as an operand. */
  readonly compound: boolean
}

/** The TypeScript expression for `node`. */
export function expressionOf(node: GraphNode, words: Vocabulary): Expression {
  const variable = words.variable(node)
  return variable === undefined ? writeOut(node, words) : atom(variable)
}

/**
 * The TypeScript expression for `node` itself, whatever variable may hold its value. `side` writes what a choice on the
 * host may give.
 */
export function writeOut(
  node: GraphNode,
  words: Vocabulary,
  side = (operand: GraphNode): Expression => expressionOf(operand, words),
): Expression {
  switch (node.kind) {
    case 'total':
      return atom(words.total(node.index))
    case 'constant':
      return numberText(node.value)
    case 'input':
      return atom(node.name)
    case 'parameter':
      return atom(words.parameter(node.name))
    case 'state':
      return atom(words.state(node.index))
    case 'call':
      return atom(
        words.call(
          node.callee,
          node.arguments.map((argument) => ({
            node: argument,
            text: expressionOf(argument, words).text,
          })),
        ),
      )
    case 'apply':
      return applyText(node, words, side)
  }
}

/** A name, a call or anything else that no operator tears apart. */
export function atom(text: string): Expression {
  return written(name(text))
}

function written(code: Code): Expression {
  return {
    code,
    get text() {
      return printCode(code)
    },
    compound: !isAtom(code),
  }
}

const PI = name('Math', 'PI')

const CONSTANTS: ReadonlyMap<number, Code> = new Map([
  [Math.PI, PI],
  [2 * Math.PI, binary('*', number(2), PI)],
  [Math.PI / 2, binary('/', PI, number(2))],
  [Math.E, name('Math', 'E')],
  [Infinity, name('Infinity')],
])

/** A number as a person writes it in JavaScript: thirds and the like as quotients. */
export function numberText(value: number): Expression {
  return written(
    value < 0 || Object.is(value, -0) ? negated(positiveNumber(-value)) : positiveNumber(value),
  )
}

/** The minus sign stands before the first number of a product or quotient; a difference is turned around. */
function negated(code: Code): Code {
  if (code.kind !== 'binary') return unary('-', code)
  return code.operator === '-'
    ? { ...code, left: code.right, right: code.left }
    : { ...code, left: negated(code.left) }
}

function positiveNumber(value: number): Code {
  const known = CONSTANTS.get(value)
  if (known !== undefined) return known
  const form = numberForm(value)
  switch (form.kind) {
    case 'decimal':
      return number(value)
    case 'quotient':
      return binary('/', number(form.numerator), number(form.denominator))
    case 'complement':
      return binary('-', number(1), number(form.of))
  }
}

function applyText(
  node: ApplyNode,
  words: Vocabulary,
  side: (operand: GraphNode) => Expression,
  staysMatrix = false,
): Expression {
  const { types } = words
  const tensor = isTensor(types, node)
  const form = formOf(node, types)
  const build = createBuilder(
    [name('this', 'seed'), number(node.site), name('index'), name('t')],
    words.need,
  )
  // The prelude stands in the order in which a reader meets it: what this node needs before what its arguments need.
  form(build, ...node.arguments.map(() => name('argument')))
  const arguments_ = node.arguments.map((argument, index) => {
    const picked = tensor && index > 0 && picksOnHost(node, types)
    if (picked && isTensor(types, argument)) return side(argument)
    const expression =
      tensor && argument.kind === 'constant'
        ? numberText(roundedForTensor(argument.value))
        : expressionOf(argument, words)
    if (picked) return written(call(name('tf', 'scalar'), expression.code))
    if (node.operator.parameters[index]?.matrix === true)
      return matrixOf(argument, expression, words, side)
    const wanted = index === 0 ? elementsWanted(node, types) : undefined
    return wanted === undefined ? expression : elementsOf(argument, expression, words, wanted)
  })
  const result = form(build, ...arguments_.map(({ code }) => code))
  const isElements = isMatrixOfElements(node, types) && !staysMatrix
  return written(isElements ? call(name('tf', 'reshape'), result, name('w', 'shape')) : result)
}

/** A matrix as a tensor of two dimensions, where what there is one of for each element has those of the parameter. */
function matrixOf(
  node: GraphNode,
  expression: Expression,
  words: Vocabulary,
  side: (operand: GraphNode) => Expression,
): Expression {
  if (isMatrixOfElements(node, words.types) && words.variable(node) === undefined)
    return applyText(node, words, side, true)
  const { extent } = words.types.placementOf(node)
  const full = isFull(node, words.types, extent)
    ? expression
    : elementsOf(node, expression, words, extent)
  if (extent !== 'element') return full
  words.need('asMatrix')
  return written(call('asMatrix', full.code, name('w')))
}

/** Which of the parameter and its gradient the text of a node, and of what it is made of, names. */
export function namedTensors(roots: readonly GraphNode[], types: Types): ReadonlySet<'w' | 'g'> {
  const found = new Set<'w' | 'g'>()
  for (const node of reachable(roots)) {
    if (node.kind === 'input' && (node.name === 'w' || node.name === 'g')) found.add(node.name)
    if (node.kind !== 'apply') continue
    const { operator } = node
    const needsParameter =
      operator.kind === 'random' || operator.kind === 'matrix' || axisOf(operator) !== undefined
    if (elementsWanted(node, types) !== undefined || needsParameter) found.add('w')
  }
  return found
}

/** One number, or what stands for many, as a tensor with all numbers of an extent, by default one for each element. */
export function elementsOf(
  node: GraphNode,
  { code }: Expression,
  words: Vocabulary,
  extent: Extent = 'element',
): Expression {
  const shape = shapeOf(extent, words)
  return written(
    isTensor(words.types, node)
      ? call(name('tf', 'broadcastTo'), code, shape)
      : call(name('tf', 'fill'), shape, code),
  )
}

/** The shape of the tensors that hold all numbers of an extent. */
function shapeOf(extent: Extent, { need }: Vocabulary): Code {
  const axes = extent === 'element' ? undefined : matrixAxes(extent)
  if (axes === undefined) return name('w', 'shape')
  const lengthOf = (axis: Axis): Code => {
    const count = axis === 'inputs' ? 'countInputs' : 'countOutputs'
    need(count)
    return call(count, name('w'))
  }
  return list(...axes.map(lengthOf))
}

function formOf(node: ApplyNode, types: Types): Form {
  const { scalar, tensor, byNumbers = tensor, byConstants = byNumbers } = spellingOf(node.operator)
  if (!isTensor(types, node) || picksOnHost(node, types)) return scalar
  const others = node.arguments.slice(1)
  // What is compared with 0 leaves NaN out too.
  if (others.every((argument) => argument.kind === 'constant' && Math.abs(argument.value) > 0))
    return byConstants
  return others.every((argument) => !isTensor(types, argument)) ? byNumbers : tensor
}
