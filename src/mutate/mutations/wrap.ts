import { chooseWeighted } from '../choose.ts'
import { fill, isIdentity } from '../template.ts'
import { nodeRow } from './mutation.ts'

/** An operator with one argument around a node; the removal of a part takes it away again. */
export const wrap = nodeRow({
  name: 'wrap',
  words: 'an operator around a node',
  rate: 0,
  choices: {},
  failures: {},
  change: ({ space: { unary } }, { expression }, { random }) => {
    const choices = unary.items
      .map((item, index) => [item, unary.weights[index]!] as const)
      .filter(([item, weight]) => !isIdentity(item) && weight > 0)
    return choices.length === 0 ? 'no-change' : fill(chooseWeighted(choices, random), [expression])
  },
})
