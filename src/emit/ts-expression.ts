import { operands } from '../ir/build.ts'
import type { Form } from '../operators/operator.ts'
import type { ApplyNode, CallNode, GraphNode, ScheduleFunction } from '../ir/graph.ts'

/**
 * Where emitted code computes a value: `step` a number of the host, once a step; `parameter` a number of the host that
 * depends on the parameter's shape; `tensor` an operation of tfjs.
 */
export type Place = 'step' | 'parameter' | 'tensor'

const ORDER: Readonly<Record<Place, number>> = { step: 0, parameter: 1, tensor: 2 }

const places = new WeakMap<GraphNode, Place>()

/** The place of a node: the latest one of its operands, unless the node itself needs a later one. */
export function placeOf(node: GraphNode): Place {
  const known = places.get(node)
  if (known !== undefined) return known
  const place = [...operands(node).map(placeOf), ownPlace(node)].reduce((a, b) =>
    ORDER[a] < ORDER[b] ? b : a,
  )
  const result = node.kind === 'apply' && node.operator.kind === 'shape' ? 'parameter' : place
  places.set(node, result)
  return result
}

function ownPlace(node: GraphNode): Place {
  switch (node.kind) {
    case 'input':
      return node.name === 'g' || node.name === 'w' ? 'tensor' : 'step'
    case 'state':
      return node.stage === 'schedule' ? 'step' : 'tensor'
    case 'apply':
      return node.operator.kind === 'reduction' || node.operator.kind === 'random'
        ? 'tensor'
        : 'step'
    default:
      return 'step'
  }
}

/** Whether the node is written as a name or a number anyway. */
export function isLeaf(node: GraphNode): boolean {
  return node.kind !== 'apply' && node.kind !== 'call'
}

const CHEAP = new Set(['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!='])

/**
 * Whether a host value is one step of arithmetic or a comparison of names and numbers, clearer (and as fast) written out than named.
 * `isNamed`: whether a node is a name already.
 */
export function isCheap(node: GraphNode, isNamed: (node: GraphNode) => boolean): boolean {
  if (node.kind !== 'apply' || placeOf(node) === 'tensor') return false
  if (node.operator.kind === 'shape') return isAtomic(node.operator.spellings.ts.scalar.text)
  const { fixity } = node.operator
  return (
    fixity !== undefined &&
    CHEAP.has(fixity.symbol) &&
    node.arguments.every((argument) => isLeaf(argument) || isNamed(argument))
  )
}

/** What the names in an expression are. */
export interface Vocabulary {
  /** The variable that holds the value, where `user` wants it; undefined when the expression is to be written out. */
  variable(node: GraphNode, user: ApplyNode | CallNode | undefined): string | undefined
  parameter(name: string): string
  state(index: number): string
  call(callee: ScheduleFunction, arguments_: readonly { text: string; node: GraphNode }[]): string
  /** Notes that a function of the target's prelude is called. */
  need(name: string): void
}

/** What spellings of random operators call the numbers that tell their streams apart. */
const STREAM: ReadonlyMap<string, string> = new Map([
  ['seed', 'this.seed'],
  ['parameter', 'index'],
  ['step', 't'],
])

export interface Expression {
  readonly text: string
  /** Whether it needs parentheses as an operand. */
  readonly compound: boolean
}

/** The TypeScript expression for `node`. */
export function expressionOf(
  node: GraphNode,
  words: Vocabulary,
  user?: ApplyNode | CallNode,
): Expression {
  const variable = words.variable(node, user)
  return variable === undefined ? writeOut(node, words) : atom(variable)
}

/**
 * The TypeScript expression for `node` itself, whatever variable may hold its value. `side` writes what a choice on the
 * host may give.
 */
export function writeOut(
  node: GraphNode,
  words: Vocabulary,
  side = (operand: GraphNode, user: ApplyNode): Expression => expressionOf(operand, words, user),
): Expression {
  switch (node.kind) {
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
            text: expressionOf(argument, words, node).text,
          })),
        ),
      )
    case 'apply':
      return applyText(node, words, side)
  }
}

/** A name, a call or anything else that no operator tears apart. */
export function atom(text: string): Expression {
  return { text, compound: false }
}

const CONSTANTS: ReadonlyMap<number, string> = new Map([
  [Math.PI, 'Math.PI'],
  [2 * Math.PI, '2 * Math.PI'],
  [Math.PI / 2, 'Math.PI / 2'],
  [Math.E, 'Math.E'],
  [Infinity, 'Infinity'],
])

const LONG = 8
const LARGEST_DENOMINATOR = 100

/** A number as a person writes it in JavaScript: thirds and the like as quotients. */
export function numberText(value: number): Expression {
  if (value < 0 || Object.is(value, -0))
    return { text: `-${numberText(-value).text}`, compound: true }
  const known = CONSTANTS.get(value)
  if (known !== undefined) return { text: known, compound: known.includes(' ') }
  const digits = String(value)
  for (
    let denominator = 2;
    digits.length > LONG && denominator <= LARGEST_DENOMINATOR;
    denominator++
  ) {
    const numerator = Math.round(value * denominator)
    if (numerator > 0 && numerator / denominator === value)
      return { text: `${numerator} / ${denominator}`, compound: true }
  }
  return atom(digits)
}

/** A number that meets a tensor: the shortest decimal that is the same number in 32 bits, where that is a good deal shorter. */
function tensorNumberText(value: number): Expression {
  const exact = numberText(value)
  const short = Number(value.toPrecision(6))
  const same = Math.fround(short) === Math.fround(value) && String(short).length <= LONG
  return same && exact.text.length > LONG ? numberText(short) : exact
}

function applyText(
  node: ApplyNode,
  words: Vocabulary,
  side: (operand: GraphNode, user: ApplyNode) => Expression,
): Expression {
  const tensor = placeOf(node) === 'tensor'
  const form = formOf(node)
  form.needs?.forEach(words.need)
  const arguments_ = node.arguments.map((argument, index) => {
    const picked = tensor && index > 0 && picksOnHost(node)
    if (picked && placeOf(argument) === 'tensor') return side(argument, node)
    const expression =
      tensor && argument.kind === 'constant'
        ? tensorNumberText(argument.value)
        : expressionOf(argument, words, node)
    if (picked) return atom(`tf.scalar(${expression.text})`)
    return index === 0 && needsElements(node) ? elementsOf(argument, expression) : expression
  })
  const stream = form.text.replace(
    /\$(seed|parameter|step|site)/g,
    (_, name: string) => STREAM.get(name) ?? String(node.site),
  )
  return fill(stream, arguments_)
}

/** Whether the operator counts elements, and no operand has the parameter's shape. */
function needsElements(node: ApplyNode): boolean {
  const { kind } = node.operator
  return (kind === 'reduction' || kind === 'random') && !node.arguments.some(isFull)
}

/** One number as a tensor of the parameter's shape. */
export function elementsOf(node: GraphNode, { text }: Expression): Expression {
  return atom(
    placeOf(node) === 'tensor' ? `tf.broadcastTo(${text}, w.shape)` : `tf.fill(w.shape, ${text})`,
  )
}

function formOf(node: ApplyNode): Form {
  const { ts } = node.operator.spellings
  if (placeOf(node) !== 'tensor' || picksOnHost(node)) return ts.scalar
  const others = node.arguments.slice(1)
  const byNumbers = others.every((argument) => placeOf(argument) !== 'tensor')
  // What is compared with 0 leaves NaN out too.
  const byConstants = others.every(
    (argument) => argument.kind === 'constant' && Math.abs(argument.value) > 0,
  )
  return (
    (byConstants ? ts.byConstants : undefined) ??
    (byNumbers ? ts.byNumbers : undefined) ??
    ts.tensor
  )
}

/** How often the text of a node holds the text of each of its operands. */
export function timesWritten(node: GraphNode): readonly number[] {
  if (node.kind !== 'apply') return operands(node).map(() => 1)
  const { text } = formOf(node)
  return node.arguments.map(
    (_, index) => text.match(new RegExp(`\\$${index}(?!\\d)`, 'g'))?.length ?? 0,
  )
}

/** Whether the node chooses by a condition on the host: JavaScript then picks the side, whatever the sides are. */
export function picksOnHost(node: GraphNode): boolean {
  return (
    node.kind === 'apply' &&
    node.operator.parameters[0]?.boolean === true &&
    node.arguments[0] !== undefined &&
    placeOf(node.arguments[0]) !== 'tensor'
  )
}

/** Whether the emitted value has the parameter's shape, rather than being one number that stands for all elements. */
export function isFull(node: GraphNode): boolean {
  switch (node.kind) {
    case 'input':
      return node.name === 'g' || node.name === 'w'
    case 'state':
      return node.stage === 'tensor'
    case 'apply':
      if (node.operator.kind === 'random') return true
      if (node.stage !== 'tensor') return false
      return picksOnHost(node) ? node.arguments.slice(1).every(isFull) : node.arguments.some(isFull)
    default:
      return false
  }
}

/** Puts the arguments into the form of a spelling; compound ones in parentheses, unless they stand between commas or parentheses. */
export function fill(form: string, arguments_: readonly Expression[]): Expression {
  const text = form.replace(/\$(\d+)/g, (_, digits: string, offset: number) => {
    const argument = arguments_[Number(digits)]
    if (argument === undefined) throw new Error(`the spelling ${form} has no argument ${digits}`)
    const before = form.slice(0, offset).trimEnd()
    const after = form.slice(offset + digits.length + 1).trimStart()
    const standsAlone = /(^|[(,[])$/.test(before) && /^($|[),\]])/.test(after)
    return argument.compound && !standsAlone ? `(${argument.text})` : argument.text
  })
  return { text, compound: !isAtomic(form) }
}

/** Whether the form is a name or one call: nothing outside its parentheses binds weaker than a call. */
function isAtomic(form: string): boolean {
  let depth = 0
  for (const character of form) {
    if (character === '(' || character === '[') depth++
    else if (character === ')' || character === ']') depth--
    else if (depth === 0 && !/[\w$.]/.test(character)) return false
  }
  return true
}
