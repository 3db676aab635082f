import { lengthsOf, type Layout } from '../../operators/layout.ts'
import type { Axis, Extent } from '../../operators/type.ts'

/**
 * Elements that are reduced to one number, or share one: group `i` begins at element `i * between` and goes on in steps of
 * `within`.
 */
export interface Groups {
  /** How many groups there are, and how many elements each has. */
  readonly count: number
  readonly size: number
  readonly between: number
  readonly within: number
}

/** The elements that differ only in their place along `over`; all of them where it is undefined. */
export function groupsOver(
  over: Axis | undefined,
  shape: readonly number[],
  layout: Layout,
): Groups {
  const { inputs, outputs } = lengthsOf(shape, layout)
  if (over === undefined) return { count: 1, size: inputs * outputs, between: 0, within: 1 }
  const [count, size] = over === 'inputs' ? [outputs, inputs] : [inputs, outputs]
  // Elements of one output stand side by side where outputs come first, those of one input where they come last.
  const isSideBySide = (over === 'inputs') === (layout === 'outputs-first')
  return isSideBySide
    ? { count, size, between: size, within: 1 }
    : { count, size, between: 1, within: count }
}

/** The elements that share the numbers of a value of that extent. */
export function groupsOf(extent: Extent, shape: readonly number[], layout: Layout): Groups {
  if (extent === 'per output') return groupsOver('inputs', shape, layout)
  if (extent === 'per input') return groupsOver('outputs', shape, layout)
  if (extent !== 'element') return groupsOver(undefined, shape, layout)
  return eachByItself(shape.reduce((product, length) => product * length, 1))
}

/** As many groups of one number each. */
export const eachByItself = (count: number): Groups => ({ count, size: 1, between: 1, within: 1 })
