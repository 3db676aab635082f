import { takesAxis } from '../operators/table.ts'
import type { Axis } from '../operators/type.ts'
import type { Argument, Call } from './ast.ts'

/** What the argument is called that says which axis is reduced. */
export const OVER = 'over'

/** The axes of a parameter, by the names that programs give them. */
export const axes: readonly Axis[] = ['inputs', 'outputs']

/** Which axis a call reduces: `axis` is undefined where what is written is the name of none. */
export interface AxisArgument {
  readonly argument: Argument
  readonly axis: Axis | undefined
}

/** The argument of a call that names an axis, as `over = inputs` or in `eye(inputs)`, and the others. */
export function axisArgument({ callee, arguments: arguments_ }: Call): {
  readonly over: AxisArgument | undefined
  readonly others: readonly Argument[]
} {
  const argument = takesAxis(callee.name)
    ? arguments_.find(({ name }) => name === undefined)
    : arguments_.find(({ name }) => name?.name === OVER)
  if (argument === undefined) return { over: undefined, others: arguments_ }
  const { value } = argument
  const axis = axes.find((each) => value.kind === 'name' && value.name === each)
  return { over: { argument, axis }, others: arguments_.filter((each) => each !== argument) }
}
