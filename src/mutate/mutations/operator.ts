import { chooseWeighted } from '../choose.ts'
import { fill } from '../template.ts'
import { nodeRow } from './mutation.ts'

/** Another operator with the same arguments, unless the space has no other. */
export const operator = nodeRow({
  name: 'operator',
  words: 'another operator at a node',
  rate: 'required',
  choices: {},
  failures: {},
  change: ({ space }, { template, arguments: arguments_ }, { random }) => {
    const choices = template.parameters.length === 1 ? space.unary : space.binary
    const others = choices.items
      .map((item, index) => [item, choices.weights[index]!] as const)
      .filter(([item, weight]) => item !== template && weight > 0)
    return others.length === 0 ? 'no-change' : fill(chooseWeighted(others, random), arguments_)
  },
})
