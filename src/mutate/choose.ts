import type { Choices } from './space/space.ts'
import type { Random } from '../operators/random.ts'

/** Draws one item with its weight. */
export function choose<T>(choices: Choices<T>, random: Random): T {
  let rest = random.uniform()
  for (let index = 0; index < choices.weights.length; index++) {
    rest -= choices.weights[index]!
    if (rest < 0) return choices.items[index]!
  }
  return choices.items.at(-1)!
}

/** Draws one item, given each item's weight relative to the others. Throws a RangeError when there are none. */
export function chooseWeighted<T>(items: readonly (readonly [T, number])[], random: Random): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0)
  return choose(
    { items: items.map(([item]) => item), weights: items.map(([, weight]) => weight / total) },
    random,
  )
}
