import { reachable } from './build.ts'
import type { GraphNode, Program } from './graph.ts'
import { resultsOf } from './rewrite.ts'
import { simplify } from './simplify.ts'

/**
 * 16 hexadecimal digits that name the function a program computes: equal for programs that differ in names, in the order
 * of operands that commute, in the order of states, in how they are split into functions or by the laws of the simplifier.
 * Hyperparameters count by name and default.
 */
export function fingerprint(source: Program): string {
  // The simplifier keeps values that have a name apart.
  const program = simplify({ ...source, names: new Map() })
  let states = program.states.map((state) => hashNode(state.initial, [], new Map()))
  for (let round = 0; round <= program.states.length; round++) {
    const previous = states
    states = program.states.map((state, index) =>
      digest(`${previous[index]!} ${hashNode(state.next, previous, new Map())}`),
    )
  }
  const defaults = program.hyperparameters
    .map((parameter) => `${parameter.name} = ${parameter.default}`)
    .sort()
  const results = resultsOf(program).map((node) => hashNode(node, states, new Map()))
  return digest(`${results.join(' ')} ${defaults.join(', ')}`)
}

function hashNode(
  root: GraphNode,
  states: readonly string[],
  parameters: ReadonlyMap<string, string>,
): string {
  const hashes = new Map<GraphNode, string>()
  for (const node of reachable([root])) hashes.set(node, hashOne(node, hashes, states, parameters))
  return hashes.get(root)!
}

function hashOne(
  node: GraphNode,
  hashes: ReadonlyMap<GraphNode, string>,
  states: readonly string[],
  parameters: ReadonlyMap<string, string>,
): string {
  switch (node.kind) {
    case 'constant':
      return digest(`constant ${Object.is(node.value, -0) ? '-0' : node.value}`)
    case 'input':
      return parameters.get(node.name) ?? digest(`input ${node.name}`)
    case 'parameter':
      return parameters.get(node.name) ?? digest(`parameter ${node.name}`)
    case 'state':
      return states[node.index] ?? digest('state')
    // Programs are compared before they are planned.
    case 'total':
      return hashNode(node.of, states, parameters)
    case 'call': {
      const { callee } = node
      const [step, ...given] = node.arguments.map((argument) => hashes.get(argument)!)
      const bound = new Map(
        callee.parameters.map((parameter, index) => [parameter.name, given[index]!]),
      )
      // Behind the end of the run a decay holds its value, which only a call for another step than the run's can tell.
      const holds = callee.role === 'decay' && callee.usesTotalSteps && step !== STEP
      return hashNode(callee.body, [], bound.set('t', holds ? digest(`held ${step}`) : step!))
    }
    case 'apply': {
      const operands = node.arguments.map((argument) => hashes.get(argument)!)
      if (node.operator.kind === 'elementwise' && node.operator.commutative === true)
        operands.sort()
      return digest(`${node.operator.name} ${node.site} ${operands.join(' ')}`)
    }
  }
}

/** 64 bits of a text as hexadecimal digits: FNV-1a on two lanes that start apart. */
function digest(text: string): string {
  let a = 0x811c9dc5
  let b = 0xc2b2ae35
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code ^ (a >>> 15), 0x85ebca6b)
  }
  return hex(a ^ (b >>> 13)) + hex(b ^ (a >>> 16))
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** The hash of the step of the run. */
const STEP = digest('input t')
