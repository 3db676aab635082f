import type { Types } from '../ir/analyze.ts'
import type { Form } from '../operators/operator.ts'
import { isHost } from '../operators/type.ts'
import type { ApplyNode, GraphNode, ScheduleFunction } from '../ir/graph.ts'

/** Whether emitted code holds the value in a tensor, rather than in a number of the host. */
export function isTensor({ placementOf }: Types, node: GraphNode): boolean {
  return !isHost(placementOf(node))
}

/** What the names in an expression are. */
export interface Vocabulary {
  readonly types: Types
  /** The variable that holds the value; undefined when the expression is to be written out. */
  variable(node: GraphNode): string | undefined
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
  side: (operand: GraphNode) => Expression,
): Expression {
  const { types } = words
  const tensor = isTensor(types, node)
  const form = formOf(node, types)
  form.needs?.forEach(words.need)
  const arguments_ = node.arguments.map((argument, index) => {
    const picked = tensor && index > 0 && picksOnHost(node, types)
    if (picked && isTensor(types, argument)) return side(argument)
    const expression =
      tensor && argument.kind === 'constant'
        ? tensorNumberText(argument.value)
        : expressionOf(argument, words)
    if (picked) return atom(`tf.scalar(${expression.text})`)
    return index === 0 && needsElements(node, types)
      ? elementsOf(argument, expression, types)
      : expression
  })
  const stream = form.text.replace(
    /\$(seed|parameter|step|site)/g,
    (_, name: string) => STREAM.get(name) ?? String(node.site),
  )
  return fill(stream, arguments_)
}

/** Whether the operator counts elements, and no operand has the parameter's shape. */
function needsElements(node: ApplyNode, types: Types): boolean {
  const { kind } = node.operator
  return (
    (kind === 'reduction' || kind === 'random') &&
    !node.arguments.some((argument) => isFull(argument, types))
  )
}

/** One number as a tensor of the parameter's shape. */
export function elementsOf(node: GraphNode, { text }: Expression, types: Types): Expression {
  return atom(
    isTensor(types, node) ? `tf.broadcastTo(${text}, w.shape)` : `tf.fill(w.shape, ${text})`,
  )
}

function formOf(node: ApplyNode, types: Types): Form {
  const { ts } = node.operator.spellings
  if (!isTensor(types, node) || picksOnHost(node, types)) return ts.scalar
  const byNumbers = node.arguments.slice(1).every((argument) => !isTensor(types, argument))
  return (byNumbers ? ts.byNumbers : undefined) ?? ts.tensor
}

/** Whether the node chooses by a condition on the host: JavaScript then picks the side, whatever the sides are. */
export function picksOnHost(node: GraphNode, types: Types): boolean {
  return (
    node.kind === 'apply' &&
    node.operator.parameters[0]?.boolean === true &&
    node.arguments[0] !== undefined &&
    !isTensor(types, node.arguments[0])
  )
}

/** Whether the emitted value has the parameter's shape, rather than being one number that stands for all elements. */
export function isFull(node: GraphNode, types: Types): boolean {
  if (types.placementOf(node).extent !== 'element') return false
  if (node.kind !== 'apply' || node.operator.kind === 'random') return true
  const isPart = (argument: GraphNode): boolean => isFull(argument, types)
  return picksOnHost(node, types)
    ? node.arguments.slice(1).every(isPart)
    : node.arguments.some(isPart)
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
