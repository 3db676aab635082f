import { describe, expect, it } from 'vitest'
import { compile } from '../../src/compile.ts'
import type { Program } from '../../src/ir/graph.ts'
import { planGraphs, STAGES, type PlanGraph, type PlanNode } from '../../src/language/plan-graph.ts'
import { libraryLoader } from '../../src/library/sources.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'

const compiled = (text: string): readonly Program[] =>
  compile({ path: 'rule.opt', text }, libraryLoader).value!.programs

const program = (text: string): Program => compiled(text)[0]!

const only = (text: string): PlanGraph => {
  const [graph, ...others] = planGraphs(program(text))
  expect(others).toEqual([])
  return graph!
}

const show = ({ nodes }: PlanGraph): readonly string[] =>
  nodes.map(({ stage, kind, name, formula }) => `${stage}: ${kind} ${name} = ${formula}`).sort()

/** The names of values in a formula: not those of functions, of axes, and of numbers. */
const namesIn = (formula: string): readonly string[] => [
  ...new Set([...formula.replace(/over = \w+/g, '').matchAll(WORD)].map(([name]) => name)),
]
const WORD = /(?<![\w.])(?!(?:pi|e|inf|nan|not|and|or|inputs|outputs)\b)[a-z_]\w*(?!\w*\s*\()/gi

describe('the plan of a step as a graph', () => {
  it('says what is done how often', () => {
    const text = `optimizer Rule(lr in (0, inf) = 0.1, beta in [0, 1) = 0.9) {
      state m = 0
      m = beta * m + (1 - beta) * g
      let scale = norm(m)
      let correction = 1 - beta^(t + 1)
      update = lr * m / correction / (scale + sqrt(size(w)))
    }`
    expect(show(only(text))).toEqual([
      'element: assigned m = beta * m + (1 - beta) * g',
      'element: assigned w = w - update',
      'element: given g = the gradient',
      'element: given w = the parameter',
      'element: state m = kept from the step before; 0 at first',
      expect.stringMatching(/^element: value update = /),
      expect.stringMatching(/^parameter: value scale = norm\(m\)/),
      'run: given beta = 0.9, if nothing else is given',
      'run: given lr = 0.1, if nothing else is given',
      'step: given t = the step, from 0',
      'step: value correction = 1 - beta^(t + 1)',
    ])
  })

  it('has one graph for each kind of shape', () => {
    const graphs = planGraphs(program(standardLibrary['std/muon']!))
    expect(graphs.map(({ shapes }) => shapes)).toEqual([
      'is_hidden(w), input_count(w) < output_count(w)',
      'is_hidden(w), not input_count(w) < output_count(w)',
      'not is_hidden(w)',
    ])
    const names = graphs.map(({ nodes }) => nodes.map(({ name }) => name))
    expect(names[0]).toContain('squares_5')
    expect(names[2]).toContain('v_hat')
    expect(names[2]).not.toContain('squares')
  })

  it('follows numbers over all parameters through what each of them adds', () => {
    const { nodes, edges } = only('update = lr * g / max(1, global_norm(g))')
    const total = nodes.find(({ stage, kind }) => stage === 'step' && kind === 'value')!
    const [part] = edges.filter(({ to }) => to === total.id)
    expect(nodes.find(({ id }) => id === part!.from)).toMatchObject({ stage: 'parameter' })
    expect(edges.some(({ from }) => from === total.id)).toBe(true)
  })

  it('says on which steps something is done', () => {
    const { nodes } = only(`optimizer Rule(lr in (0, inf) = 0.1) {
      state slow = w
      slow = where(mod(t, 5) == 0, w, slow)
      update = lr * (g + w - slow)
    }`)
    expect(nodes.find(({ kind, name }) => kind === 'assigned' && name === 'slow')).toMatchObject({
      condition: 'condition',
      formula: 'w',
    })
    expect(nodes.find(({ name }) => name === 'condition')).toMatchObject({
      stage: 'step',
      formula: 'mod(t, 5) == 0',
    })
  })
})

const library = Object.entries(standardLibrary).flatMap(([name, text]) =>
  (compile({ path: name, text }, libraryLoader).value?.programs ?? []).map(
    (each) => [each.name, each] as const,
  ),
)

describe('in the library', () => {
  it.each(library)('%s has a graph that holds together', (_, rule) => {
    for (const graph of planGraphs(rule)) expectSound(graph)
  })
})

function expectSound({ nodes, edges }: PlanGraph): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  expect(byId.size).toBe(nodes.length)
  expect(byId.get('assigned w')).toBeDefined()
  const readBy = new Map<string, PlanNode[]>()
  for (const { from, to } of edges) {
    expect(byId.has(from) && byId.has(to)).toBe(true)
    readBy.set(to, [...(readBy.get(to) ?? []), byId.get(from)!])
  }
  const done = new Set<string>()
  const visit = (id: string, above: ReadonlySet<string>): void => {
    expect(above.has(id)).toBe(false)
    if (done.has(id)) return
    for (const { id: next } of readBy.get(id) ?? []) visit(next, new Set(above).add(id))
    done.add(id)
  }
  for (const node of nodes) {
    visit(node.id, new Set())
    expect(STAGES).toContain(node.stage)
    const read = (readBy.get(node.id) ?? []).map(({ name }) => name)
    if (node.kind === 'given' || node.kind === 'state') expect(read).toEqual([])
    else {
      // A formula names exactly what it reads.
      const named = namesIn(`${node.formula} ${node.condition ?? ''}`)
      const isTotal = read.length === 1 && node.formula!.endsWith('of all parameters')
      if (!isTotal && node.condition === undefined)
        expect([...named].sort(), `${node.name} = ${node.formula}`).toEqual(
          [...new Set(read)].sort(),
        )
    }
  }
}
