import { check } from '../check/check.ts'
import type { CheckedModule, ModuleLoader, Resolution } from '../check/checked-module.ts'
import type { Operator } from '../operators/operator.ts'
import { productOperator } from '../operators/table.ts'
import type {
  Call,
  Expression,
  FunctionDeclaration,
  Import,
  Node,
  Parameter,
  Statement,
} from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { equal, transform, visit } from '../syntax/traverse.ts'

/**
 * A call that checks whatever stands at its open arguments: what it calls, and for each parameter the place of its argument
 * in the call, undefined where the default holds.
 */
export type CallShape = {
  /** Per argument as written: what it must say; undefined where it is open. */
  readonly fixed: readonly (Expression | undefined)[]
  readonly written: Call
} & (
  | { readonly kind: 'operator'; readonly operator: Operator; readonly places: readonly number[] }
  | {
      readonly kind: 'function'
      readonly declaration: FunctionDeclaration
      readonly places: readonly (number | undefined)[]
    }
)

/** What names and calls mean to a rule with the given imports and parameters; each found out once, by the checker. */
export interface Meanings {
  /** The library as the checker sees it. */
  readonly library: CheckedModule
  /** Undefined where the call may not check, or is more than lowering rules quickly needs to know. */
  readonly ofCall: (call: Call, lets: ReadonlyMap<string, unknown>) => CallShape | undefined
  readonly ofName: (name: string) => Resolution | undefined
  /** Whether a `let` may have the name. */
  readonly allows: (name: string) => boolean
}

/** The meanings of names in optimizers of modules with these imports, whose parameters are these. */
export function createMeanings(
  imports: readonly Import[],
  parameters: readonly Parameter[],
  path: string,
  loader: ModuleLoader,
): Meanings {
  const shapes = new Map<string, CallShape[]>()
  const names = new Map<string, Resolution | undefined>()
  const allowed = new Map<string, boolean>()

  const probe = (value: Expression, ...lets: readonly Statement[]): CheckedModule => {
    const product = build.binary(productOperator.name, build.name('g'), value)
    const optimizer = build.optimizer('Probe', parameters, [
      ...lets,
      build.assign('update', product),
    ])
    return check(build.module(path, [...imports, optimizer]), loader).value
  }
  const library = probe(build.name('g'))

  const findShape = (call: Call, lets: ReadonlyMap<string, unknown>): CallShape | undefined => {
    const closed = transform<Node>(call, (node) =>
      node.kind === 'name' && lets.has(node.name) ? build.name('g') : node,
    ) as Call
    const checked = probe(closed)
    const resolved = checked.calls.get(closed)
    if (!checked.valid || resolved === undefined) return undefined
    const placeOf = (argument: Expression | undefined): number | undefined => {
      const place = closed.arguments.findIndex(({ value }) => value === argument)
      return place < 0 ? undefined : place
    }
    const places = resolved.arguments.map(placeOf)
    const isOpen = (place: number): boolean => {
      const parameter = places.indexOf(place)
      return resolved.kind === 'operator'
        ? takesAnything(resolved.operator, parameter)
        : passesAnything(checked, resolved.declaration, parameter, new Set())
    }
    const fixed = call.arguments.map(({ value }, place) => (isOpen(place) ? undefined : value))
    if (fixed.some((value) => value !== undefined && usesNames(value, (name) => lets.has(name))))
      return undefined
    const opened: Call = {
      ...closed,
      arguments: closed.arguments.map((argument, place) =>
        fixed[place] === undefined ? { ...argument, value: build.name('g') } : argument,
      ),
    }
    if (!probe(opened).valid) return undefined
    if (resolved.kind === 'function')
      return { kind: 'function', declaration: resolved.declaration, places, fixed, written: call }
    const { operator } = resolved
    if (operator.kind === 'shape' || places.includes(undefined)) return undefined
    return {
      kind: 'operator',
      operator,
      places: places.map((place) => place!),
      fixed,
      written: call,
    }
  }

  return {
    library,
    ofCall: (call, lets) => {
      const { name } = call.callee
      if (lets.has(name)) return undefined
      const known = shapes.get(name)
      const found = known?.find((shape) => fits(shape, call))
      if (found !== undefined) return found
      const made = findShape(call, lets)
      if (made !== undefined) shapes.set(name, [...(known ?? []), made])
      return made
    },
    ofName: (name) => {
      if (names.has(name)) return names.get(name)
      const use = build.name(name)
      const checked = probe(use)
      const resolution = checked.valid ? checked.names.get(use) : undefined
      names.set(name, resolution)
      return resolution
    },
    allows: (name) => {
      const known = allowed.get(name)
      if (known !== undefined) return known
      const { valid } = probe(build.name(name), build.letStatement(name, build.name('g')))
      allowed.set(name, valid)
      return valid
    },
  }
}

function fits({ written, fixed }: CallShape, call: Call): boolean {
  const { arguments: arguments_ } = call
  if (arguments_.length !== fixed.length) return false
  for (let index = 0; index < fixed.length; index++) {
    const { name, value } = arguments_[index]!
    const wanted = fixed[index]
    if (name?.name !== written.arguments[index]!.name?.name) return false
    if (wanted !== undefined && !equal(wanted, value)) return false
  }
  return true
}

/** Whether the operator's parameter may be given a value of any stage and interval that is no comparison. */
function takesAnything(operator: Operator, parameter: number): boolean {
  const { latest, boolean } = operator.parameters[parameter]!
  return latest === undefined && boolean !== true
}

/** Whether nothing is asked of a function's parameter, neither by the function nor by what it hands it on to. */
function passesAnything(
  checked: CheckedModule,
  declaration: FunctionDeclaration,
  parameter: number,
  seen: Set<FunctionDeclaration>,
): boolean {
  if (declaration.role !== 'fn' || seen.has(declaration)) return false
  const given = declaration.parameters[parameter]
  if (given === undefined || given.range !== undefined) return false
  seen.add(declaration)
  // What is computed in the body may come from the parameter; the other parameters do not.
  const others = new Set(
    declaration.parameters.filter((each) => each !== given).map(({ name }) => name.name),
  )
  const mayCarry = (expression: Expression): boolean =>
    usesNames(expression, (name) => !others.has(name))
  let open = true
  visit(declaration.body, {
    enter: (node) => {
      if (node.kind !== 'call') return
      const resolved = checked.calls.get(node)
      resolved?.arguments.forEach((argument, index) => {
        if (argument === undefined || !mayCarry(argument)) return
        open &&=
          resolved.kind === 'operator'
            ? takesAnything(resolved.operator, index)
            : passesAnything(checked, resolved.declaration, index, seen)
      })
      open &&= resolved !== undefined
    },
  })
  seen.delete(declaration)
  return open
}

function usesNames(expression: Expression, isMeant: (name: string) => boolean): boolean {
  let found = false
  visit(expression, {
    enter: (node) => void (found ||= node.kind === 'name' && isMeant(node.name)),
  })
  return found
}
