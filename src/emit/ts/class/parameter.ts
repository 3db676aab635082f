import { operands, reachable } from '../../../ir/build.ts'
import type { GraphNode } from '../../../ir/graph.ts'
import { isOwnMatrix, type Extent, type Placement } from '../../../operators/type.ts'
import { fuseStatements } from '../../../plan/kernels.ts'
import {
  guardOfStatement,
  isSameGuard,
  type Contribution,
  type Guard,
} from '../../../plan/order.ts'
import type { ParameterPlan, PlannedStatement } from '../../../plan/plan.ts'
import {
  atom,
  elementsOf,
  expressionOf,
  writeOut,
  type Expression,
  type Vocabulary,
} from '../expression.ts'
import { isFull, isTensor, picksOnHost } from '../../tensors.ts'
import { camelCase, type NamePool } from '../names.ts'
import { writeKernel, type ClassKernels, type StatementWriter } from './kernel-call.ts'

/** What the code around the statements of a parameter provides. */
export interface Surroundings {
  /** The names inside the function of a parameter. */
  readonly scope: NamePool
  readonly words: Pick<Vocabulary, 'types' | 'parameter' | 'total' | 'call' | 'need'>
  /** The constant of the step that holds the value of a number of the run. */
  constant(node: GraphNode): string
  /** The text that reads a state that is one number for the run. */
  runState(index: number): string
  /**
   * What becomes of the plan's update: a step, with which a variable has states whether it has a gradient or not, or has them
   * from its first gradient on; or a value.
   */
  readonly use: 'step' | 'step of gradients' | 'value'
  /** Whether updates are counted. */
  readonly counts: boolean
  /** Where steps are taken by kernels too: declares one, and gives its name. */
  readonly kernels: ClassKernels | undefined
}

/**
 * The statements of one step for one parameter: `w` and `g` are the parameter and its gradient. In the last part of a step the
 * gradient may be null; in a round before it they end with what the parameter adds to the totals.
 */
export function writeParameter(plan: ParameterPlan, around: Surroundings): string[] {
  const { program, states, statements } = plan
  const { types } = around.words
  const names = new Map(
    states.map(({ index, name }) => [index, around.scope.declare(camelCase(name))]),
  )
  const outside = createWriter(plan, around, names).words
  if (states.length > 0) around.words.need('stateOf')
  const isLast = statements.every((each) => each.kind !== 'contribution')
  const ofStates = statesHere(plan, isLast).map(({ index, initial }) => {
    const start = initialText(initial, types.stateOf(index), outside)
    return `const ${names.get(index)} = stateOf(this.states, w, '${program.states[index]!.name}', () => ${start})`
  })
  const count = (called: 'updatesOf' | 'countUpdate'): string => {
    around.words.need(called)
    return `${called}(this.counts, this.states, w, this.iterations)`
  }
  if (around.counts && asksForUpdates(statements)) {
    // The last update is counted already where its weights are evaluated.
    const before = around.use === 'value' ? ' - 1' : ''
    ofStates.unshift(`const updates = ${count('updatesOf')}${before}`)
  }
  const counted = around.counts && isLast && around.use !== 'value' ? [count('countUpdate')] : []
  const use = isLast ? around.use : 'value'
  const leave = 'if (g === null) return'
  const composed = [...writeComposed(plan, around, names), ...counted]
  const fused =
    around.kernels === undefined || (isLast && use === 'value')
      ? []
      : writeFused(plan, around, names, around.kernels, counted)
  return [
    ...(use === 'step' ? [...ofStates, leave, ''] : []),
    ...(use === 'step of gradients' ? [leave, ...ofStates, ''] : []),
    ...(use === 'value' ? ofStates : []),
    ...fused,
    ...composed,
  ]
}

/** The statements in operations of tfjs. */
function writeComposed(
  plan: ParameterPlan,
  around: Surroundings,
  names: ReadonlyMap<number, string>,
): string[] {
  const { write, words } = createWriter(plan, around, names)
  const contributions = plan.statements.filter((each) => each.kind === 'contribution')
  return [
    ...blocksOf(plan.statements, guardOfStatement).map(({ guard, block }) =>
      guarded(guard, block.flatMap(write), words),
    ),
    ...(contributions.length === 0
      ? []
      : [`return [${contributions.map((each) => contributionText(each, words)).join(', ')}]`]),
  ]
}

/** The statements by kernels where the backend runs them, with operations of tfjs between them for what none can do. */
function writeFused(
  plan: ParameterPlan,
  around: Surroundings,
  names: ReadonlyMap<number, string>,
  kernels: ClassKernels,
  counted: readonly string[],
): string[] {
  const writer = createWriter(plan, around, names)
  const pieces = fuseStatements(plan, around.words.types)
  if (pieces.every(({ kind }) => kind === 'other')) return []
  const contributions = plan.statements.filter((each) => each.kind === 'contribution')
  let buffers = 0
  const writePiece = (piece: (typeof pieces)[number]): string | [] => {
    if (piece.kind === 'other') return writer.write(piece.statement)
    const written = writeKernel(piece, writer, kernels)
    buffers = Math.max(buffers, written.buffers)
    return written.line
  }
  const lines = blocksOf(pieces, ({ guard }) => guard).map(({ guard, block }) =>
    guarded(guard, block.flatMap(writePiece), writer.words),
  )
  const end =
    contributions.length === 0
      ? 'return'
      : `return [${contributions.map((each) => contributionText(each, writer.words)).join(', ')}]`
  around.words.need('runsKernels')
  // One block of text: sides of an `if` that begin alike are joined line by line.
  return [[`if (runsKernels(w, g, ${buffers})) {`, ...lines, ...counted, end, '}'].join('\n'), '']
}

/** Writes the statements of a parameter, each with the names of those before it. */
function createWriter(
  { statements, named }: ParameterPlan,
  around: Surroundings,
  names: ReadonlyMap<number, string>,
): StatementWriter {
  const inner = around.scope.child()
  const locals = new Map<GraphNode, string>()
  const overwritten = new Set(
    statements.flatMap((each) => (each.kind === 'assign' ? [each.state] : [])),
  )
  const words: Vocabulary = {
    ...around.words,
    state: (index) => names.get(index) ?? around.runState(index),
    variable: (node) => locals.get(node) ?? (named.has(node) ? around.constant(node) : undefined),
  }

  // A constant must not be another name of a variable that changes later in the step.
  const snapshot = (node: GraphNode): Expression => {
    if (node.kind === 'state')
      return atom(`${words.state(node.index)}${overwritten.has(node.index) ? '.clone()' : ''}`)
    return words.variable(node) === undefined
      ? writeOut(node, words, snapshot)
      : expressionOf(node, words)
  }
  const write = (statement: PlannedStatement): string | [] => {
    const { node } = statement
    switch (statement.kind) {
      case 'let': {
        const { text } = snapshot(node)
        const name = inner.declare(camelCase(statement.name))
        locals.set(node, name)
        return `const ${name} = ${text}`
      }
      case 'assign': {
        const name = names.get(statement.state)!
        const line = assignment(statement.value, statement.state, name, words)
        if (statement.stands) locals.set(node, name)
        return line
      }
      case 'update':
        return around.use === 'value'
          ? `return ${fullText(node, words)}`
          : `w.assign(tf.sub(w, ${expressionOf(node, words).text}))`
      case 'contribution':
        return []
    }
  }
  return { write, words, locals, scope: inner }
}

/** The states that the statements name. In a step without rounds they begin with the parameter's first step, whatever its gradient. */
function statesHere(
  { program, states, statements }: ParameterPlan,
  isLast: boolean,
): typeof states {
  if (!isLast || program.totals.length === 0) return states
  const named = new Set(
    reachable(statements.map(({ node }) => node)).flatMap((node) =>
      node.kind === 'state' ? [node.index] : [],
    ),
  )
  for (const statement of statements) if (statement.kind === 'assign') named.add(statement.state)
  return states.filter(({ index }) => named.has(index))
}

/** What a variable adds to a total: nothing on steps on which nothing reads it. */
function contributionText({ node, guard }: Contribution, words: Vocabulary): string {
  const { text } = expressionOf(node, words)
  if (guard === undefined) return text
  const condition = expressionOf(guard.condition, words).text
  const [then, otherwise] = guard.truth ? [text, 'tf.scalar(0)'] : ['tf.scalar(0)', text]
  return `${condition} ? ${then} : ${otherwise}`
}

/** Whether the statements name how many updates a parameter has had. */
function asksForUpdates(statements: readonly PlannedStatement[]): boolean {
  return reachable(statements.map(({ node }) => node)).some(
    (node) =>
      node.kind === 'apply' &&
      node.operator.kind === 'shape' &&
      node.operator.restsOn === 'updates',
  )
}

interface Block<T> {
  readonly guard: Guard | undefined
  readonly block: T[]
}

/** Statements side by side that are carried out on the same steps. */
function blocksOf<T>(
  statements: readonly T[],
  guardOf: (statement: T) => Guard | undefined,
): readonly Block<T>[] {
  const blocks: Block<T>[] = []
  for (const statement of statements) {
    const guard = guardOf(statement)
    const last = blocks.at(-1)
    if (last !== undefined && isSameGuard(last.guard, guard)) last.block.push(statement)
    else blocks.push({ guard, block: [statement] })
  }
  return blocks
}

function guarded(guard: Guard | undefined, lines: readonly string[], words: Vocabulary): string {
  if (guard === undefined) return lines.join('\n')
  const { text, compound } = expressionOf(guard.condition, words)
  const condition = guard.truth ? text : `!${compound ? `(${text})` : text}`
  return lines.length === 1
    ? `if (${condition}) ${lines[0]!}`
    : `if (${condition}) {\n${lines.join('\n')}\n}`
}

/** The start of a state: a tensor like `w`, or one number. */
function initialText(initial: GraphNode, { extent }: Placement, words: Vocabulary): string {
  if (initial.kind === 'input' && initial.name === 'w') return 'w'
  const expression = expressionOf(initial, words)
  if (isOwnMatrix(extent) || isTensor(words.types, initial))
    return isFull(initial, words.types, extent)
      ? expression.text
      : elementsOf(initial, expression, words, extent).text
  const { text } = expression
  if (isAxis(extent)) return spreadText(extent, expression, words)
  if (extent !== 'element') return `tf.scalar(${text})`
  if (text === '0') return 'tf.zerosLike(w)'
  if (text === '1') return 'tf.onesLike(w)'
  return `tf.fill(w.shape, ${text})`
}

type AxisExtent = Extract<Extent, 'per output' | 'per input'>

const isAxis = (extent: Extent): extent is AxisExtent =>
  extent === 'per output' || extent === 'per input'

/** One number as a tensor with one for each output or input of `w`. */
function spreadText(extent: AxisExtent, { text }: Expression, { need }: Vocabulary): string {
  const axes = extent === 'per output' ? 'inputAxes' : 'outputAxes'
  need(axes)
  need('spreadAlong')
  return `spreadAlong(w, ${axes}(w), ${text})`
}

/**
 * The line that changes a state. A variable cannot be assigned itself (that would dispose of its data first), so where a
 * condition on the host may keep the old value there is an `if`.
 */
function assignment(node: GraphNode, state: number, name: string, words: Vocabulary): string {
  const { types } = words
  const value = words.variable(node)
  const keeps = (side: GraphNode): boolean => side.kind === 'state' && side.index === state
  /** Whether the value is a choice on the host that can be the state's old value. */
  const mayKeep = (part: GraphNode): boolean =>
    picksOnHost(part, types) &&
    operands(part)
      .slice(1)
      .some((side) => keeps(side) || mayKeep(side))
  const write = (part: GraphNode): string => {
    if (value !== undefined || !mayKeep(part))
      return `${name}.assign(${keptText(part, state, words)})`
    const [condition, then, otherwise] = operands(part)
    const { text, compound } = expressionOf(condition!, words)
    if (keeps(then!)) return `if (!${compound ? `(${text})` : text}) ${write(otherwise!)}`
    if (keeps(otherwise!)) return `if (${text}) ${write(then!)}`
    return `if (${text}) {\n${write(then!)}\n} else {\n${write(otherwise!)}\n}`
  }
  return write(node)
}

/** A value as the state holds it. */
function keptText(node: GraphNode, state: number, words: Vocabulary): string {
  const { types } = words
  const expression = expressionOf(node, words)
  const { extent } = types.stateOf(state)
  if (isAxis(extent))
    return isFull(node, types, extent) ? expression.text : spreadText(extent, expression, words)
  if (extent !== 'element' && !isOwnMatrix(extent))
    return isTensor(types, node) ? expression.text : `tf.scalar(${expression.text})`
  return fullText(node, words, extent)
}

/** A value as a tensor with all numbers of an extent, by default one for each element. */
function fullText(node: GraphNode, words: Vocabulary, extent: Extent = 'element'): string {
  const expression = expressionOf(node, words)
  return isFull(node, words.types, extent)
    ? expression.text
    : elementsOf(node, expression, words, extent).text
}
