import { createGraph, type GraphBuilder } from '../../ir/build.ts'
import { fingerprint } from '../../ir/fingerprint.ts'
import type { CallNode, GraphNode, Hyperparameter, Program } from '../../ir/graph.ts'
import { lowerTemplate } from '../../ir/lowering/lower.ts'
import { rebuild, rewriteNodes, rewriteProgram } from '../../ir/rewrite.ts'
import { holds } from '../../ir/schedule.ts'
import type { FunctionDeclaration } from '../../syntax/ast.ts'
import type { Analysis } from '../editor/analysis.ts'

/** A parameter with a value: what the program is compared with that has not got it. */
export interface Given {
  /** The optimizer or function that declares it. */
  readonly owner: string
  readonly name: string
  readonly value: number
}

/**
 * Whether everything that `before` declares and `after` still does computes the same, and every optimizer is still there:
 * equal fingerprints with schedules and decays put in the places of their calls. `given` stands for a parameter that is new.
 * False where either program has errors.
 */
export function keepsMeaning(before: Analysis, after: Analysis, given?: Given): boolean {
  if (!before.checked.valid || !after.checked.valid) return false
  const [old, made] = [meaningsOf(before, undefined), meaningsOf(after, given)]
  const { optimizers } = before.checked
  // A file of statements is named after the file, what is declared in its place is not.
  if (optimizers.length !== after.checked.optimizers.length) return false
  return (
    optimizers.every((_, index) => old.optimizers[index] === made.optimizers[index]) &&
    [...old.functions].every(
      ([name, print]) => !made.functions.has(name) || made.functions.get(name) === print,
    )
  )
}

interface Meanings {
  readonly optimizers: readonly string[]
  readonly functions: ReadonlyMap<string, string>
}

function meaningsOf(analysis: Analysis, given: Given | undefined): Meanings {
  const { checked } = analysis
  const printOf = (program: Program): string => fingerprint(plain(program, given))
  return {
    optimizers: checked.lowered.optimizers.map(({ program }) => printOf(program)),
    functions: new Map(
      checked.functions.map((declaration) => [
        declaration.name.name,
        printOf(programOf(analysis, declaration)),
      ]),
    ),
  }
}

/** A function as a program with its parameters for hyperparameters, whose update is its value. */
export function programOf(
  { checked, resolved }: Analysis,
  declaration: FunctionDeclaration,
): Program {
  const { name } = declaration.name
  const schedule = checked.lowered.schedules.get(declaration)?.function
  const rest = { name, documentation: [], totals: [], names: new Map(), usesTotalSteps: true }
  if (schedule === undefined) {
    const { parameters, states, result } = lowerTemplate(resolved, declaration)
    const hyperparameters = parameters.map(({ lowered }) => lowered)
    return { ...rest, hyperparameters, states, update: result }
  }
  const graph = createGraph()
  const { parameters: hyperparameters } = schedule
  const arguments_ = hyperparameters.map((each) =>
    graph.parameter(undefined, each.name, each.interval),
  )
  const update = graph.call(schedule, [graph.input('t'), ...arguments_])
  return { ...rest, hyperparameters, states: [], update }
}

/** The program with calls of schedules and decays written out, and a parameter replaced by its value. */
function plain(program: Program, given: Given | undefined): Program {
  const graph = createGraph()
  const isGiven = ({ name }: Hyperparameter): boolean =>
    given?.owner === program.name && given.name === name
  return {
    ...rewriteProgram(program, (node, arguments_) => {
      if (node.kind === 'call') return writtenOut(graph, node, arguments_)
      return node.kind === 'parameter' && given?.owner === program.name && node.name === given.name
        ? graph.constant(given.value)
        : rebuild(graph, node, arguments_)
    }),
    hyperparameters: program.hyperparameters.filter((each) => !isGiven(each)),
  }
}

/** A call by what its function is made of; one of a decay for another step than the run's, where it may hold, as it is. */
function writtenOut(
  graph: GraphBuilder,
  node: CallNode,
  arguments_: readonly GraphNode[],
): GraphNode {
  const { callee } = node
  const [step, ...given] = arguments_
  const isOfRun = step?.kind === 'input' && step.name === 't'
  if (holds(callee) && !isOfRun) return graph.call(callee, arguments_)
  const byName = new Map(callee.parameters.map(({ name }, index) => [name, given[index]!]))
  return rewriteNodes([callee.body], (inner, operands) => {
    if (inner.kind === 'input' && inner.name === 't') return step!
    if (inner.kind === 'parameter') return byName.get(inner.name) ?? rebuild(graph, inner, operands)
    if (inner.kind === 'call') return writtenOut(graph, inner, operands)
    return rebuild(graph, inner, operands)
  }).get(callee.body)!
}
