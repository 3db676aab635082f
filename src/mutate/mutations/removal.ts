import { row } from './mutation.ts'

/** A rule without one of its parts: what an ablation of the final table removes, tried while the search is on. */
export const removal = row({
  name: 'removal',
  rate: 0,
  choices: {},
  kinds: { 'remove-part': 'a rule without one of its parts' },
  failures: {},
  simplifies: true,
  apply: ({ module, random, tests }) => {
    const parts = tests.removals(module)
    return {
      kind: 'remove-part',
      changed: parts.length === 0 ? 'no-node' : random.pick(parts),
    }
  },
})
