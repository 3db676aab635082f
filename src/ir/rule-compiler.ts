import type { ModuleLoader } from '../check/checked-module.ts'
import { operatorByName } from '../operators/table.ts'
import type { Expression, Import, Module } from '../syntax/ast.ts'
import { createMeanings, type Meanings } from './call-shape.ts'
import type { GraphNode, Hyperparameter } from './graph.ts'
import type { Column } from './host-columns.ts'
import type { LaneProgram } from './lanes.ts'
import { defaultValue, lowerParameter, type StateInstance } from './lower-body.ts'
import { readRule, type Rule } from './read-rule.ts'
import { createSharedLowering, type SharedLowering } from './shared-lowering.ts'
import { createSharedSimplifier, type SharedSimplifier } from './shared-simplify.ts'

/**
 * Compiles a rule to the graph that `compileModule` gives for it, without names and dead states; undefined where the rule
 * is not of the kind that is compiled quickly, or might not check.
 */
export type RuleCompiler = (module: Module) => LaneProgram | undefined

/** Nodes kept before all are forgotten. */
const MOST_NODES = 10_000

interface Shared {
  readonly lowering: SharedLowering
  readonly simplifier: SharedSimplifier
  readonly parameters: ReadonlyMap<string, GraphNode>
  readonly columns: Map<GraphNode, Column>
}

/**
 * A compiler of rules that are made like `pattern`: its imports and one optimizer with its parameters, `let`s and an
 * update. Rules share one graph, so that the operands and operators of a search space are lowered and simplified once.
 *
 * It does without the checker where nothing the checker looks for can be there: every name is a parameter, a builtin or a
 * `let` above it that may be called so; every call is one that checks with any argument (see CallShape); operators of the
 * language take any values but comparisons, which are left to the checker. What is left are warnings.
 */
export function createRuleCompiler(pattern: Module, loader: ModuleLoader): RuleCompiler {
  const imports = pattern.items.filter((item): item is Import => item.kind === 'import')
  const optimizer = pattern.items.find((item) => item.kind === 'optimizer')
  if (optimizer === undefined) return () => undefined
  let meanings: Meanings | undefined
  let shared: Shared | undefined
  let hyperparameters: readonly Hyperparameter[] = []

  const share = (): Shared => {
    meanings ??= createMeanings(imports, optimizer.parameters, pattern.path, loader)
    const lowering = createSharedLowering(meanings.library)
    hyperparameters = optimizer.parameters.map((parameter) =>
      lowerParameter(lowering.lowering, parameter),
    )
    return {
      lowering,
      simplifier: createSharedSimplifier(lowering),
      parameters: new Map(
        hyperparameters.map(({ name, interval }) => [
          name,
          lowering.graph.parameter(undefined, name, interval, 'hyper'),
        ]),
      ),
      columns: new Map(),
    }
  }

  return (module) => {
    const rule = readRule(module, pattern.path, imports, optimizer.parameters)
    if (rule === undefined) return undefined
    shared ??= share()
    if (!rule.lets.every(({ name }) => meanings!.allows(name.name))) return undefined
    const lowered = lowerRule(rule, shared, meanings!, rule.needsAll)
    if (lowered === undefined) return undefined
    const { instances } = shared.lowering
    const simplified = shared.simplifier.simplify(lowered.update, () => {
      const all = rule.needsAll ? lowered : lowerRule(rule, shared!, meanings!, true)
      return all && { named: all.named, states: all.states }
    })
    if (simplified === undefined) return undefined
    const update = simplified(lowered.update)
    const states = liveStates(update, instances, simplified)
    const { columns } = shared
    if (lowered.update.id > MOST_NODES) shared = undefined
    return { hyperparameters, update, states, columns }
  }
}

interface LoweredRule {
  readonly update: GraphNode
  /** The nodes with a name and the states of the lets that were lowered. */
  readonly named: ReadonlySet<GraphNode>
  readonly states: ReadonlySet<StateInstance>
}

/** The rule in the shared graph, with all lets or those the update depends on. */
function lowerRule(
  rule: Rule,
  { lowering, parameters }: Shared,
  meanings: Meanings,
  all: boolean,
): LoweredRule | undefined {
  const { graph } = lowering
  const environment = new Map<string, GraphNode>()
  const lets = new Map<string, unknown>(rule.lets.map(({ name }) => [name.name, name]))
  const named = new Set<GraphNode>()
  const states = new Set<StateInstance>()
  const sites = new Map<string, number>()

  const lower = (expression: Expression): GraphNode | undefined => {
    switch (expression.kind) {
      case 'number':
        return graph.constant(expression.value)
      case 'name': {
        const { name } = expression
        if (lets.has(name)) return environment.get(name)
        const parameter = parameters.get(name)
        if (parameter !== undefined) return parameter
        const resolution = meanings.ofName(name)
        if (resolution?.kind === 'builtin') return graph.input(resolution.name)
        return resolution?.kind === 'constant' ? graph.constant(resolution.value) : undefined
      }
      case 'unary': {
        const operand = lower(expression.operand)
        return operand && graph.apply(operatorByName(expression.operator), [operand])
      }
      case 'binary': {
        if (isComparison(expression.operator)) return undefined
        const left = lower(expression.left)
        const right = left && lower(expression.right)
        return left && right && graph.apply(operatorByName(expression.operator), [left, right])
      }
      case 'call': {
        const shape = meanings.ofCall(expression, lets)
        if (shape === undefined) return undefined
        const values: GraphNode[] = []
        for (const [index, place] of shape.places.entries()) {
          const value =
            place !== undefined
              ? lower(expression.arguments[place]!.value)
              : shape.kind === 'function'
                ? defaultValue(lowering.lowering, shape.declaration.parameters[index]!)
                : undefined
          if (value === undefined) return undefined
          values.push(value)
        }
        if (shape.kind === 'operator') {
          const { operator } = shape
          if (operator.kind !== 'random') return graph.apply(operator, values)
          // Numbered like the draws of a whole program (see siteOf in lower-body.ts).
          const key = `${operator.name} ${values.map(({ id }) => id).join(' ')}`
          const site = sites.get(key) ?? sites.size + 1
          sites.set(key, site)
          return graph.apply(operator, values, site)
        }
        const call = lowering.call(shape.declaration, values)
        if (call === undefined) return undefined
        for (const each of call.log) {
          if ('kind' in each) named.add(each)
          else states.add(each)
        }
        return call.result
      }
      case 'missing':
        return undefined
    }
  }

  /** Whether an expression that is left out would check. */
  const isSound = (expression: Expression, above: ReadonlySet<string>): boolean => {
    switch (expression.kind) {
      case 'number':
        return true
      case 'name':
        return lets.has(expression.name)
          ? above.has(expression.name)
          : parameters.has(expression.name) || meanings.ofName(expression.name) !== undefined
      case 'unary':
        return isSound(expression.operand, above)
      case 'binary':
        return (
          !isComparison(expression.operator) &&
          isSound(expression.left, above) &&
          isSound(expression.right, above)
        )
      case 'call':
        return (
          meanings.ofCall(expression, lets) !== undefined &&
          expression.arguments.every(({ value }) => isSound(value, above))
        )
      case 'missing':
        return false
    }
  }

  const above = new Set<string>()
  for (const { name, value } of rule.lets) {
    if (!all && !rule.active.has(name.name)) {
      if (!isSound(value, above)) return undefined
      above.add(name.name)
      continue
    }
    above.add(name.name)
    const node = lower(value)
    if (node === undefined) return undefined
    environment.set(name.name, node)
    if (node.kind === 'apply' || node.kind === 'call') named.add(node)
  }
  const update = lower(rule.update)
  return update && { update, named, states }
}

function isComparison(name: string): boolean {
  const operator = operatorByName(name)
  return operator.kind === 'elementwise' && operator.boolean === true
}

/** The states that the simplified update depends on. */
function liveStates(
  update: GraphNode,
  instances: readonly StateInstance[],
  simplified: (node: GraphNode) => GraphNode,
): LaneProgram['states'] {
  const states = new Map<number, LaneProgram['states'][number]>()
  const seen = new Set<GraphNode>()
  const pending = [update]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'apply' || node.kind === 'call') pending.push(...node.arguments)
    if (node.kind !== 'state' || states.has(node.index)) continue
    const { initial, next } = instances[node.index]!
    const state = {
      index: node.index,
      stage: node.stage,
      initial: simplified(initial),
      next: simplified(next),
    }
    states.set(node.index, state)
    pending.push(state.next)
  }
  return [...states.values()].sort((a, b) => a.index - b.index)
}
