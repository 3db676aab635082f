import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'

/** A matrix over axes: of rows, then of columns. */
type Axes = 'io' | 'oi' | 'ii' | 'oo'

const AXES: readonly Axes[] = ['io', 'oi', 'ii', 'oo']
const NAMES = { i: 'inputs', o: 'outputs' } as const

/** The states of a program by the axes of what they hold. */
const STATES: Readonly<Record<Axes, string>> = { io: 'm', oi: 'n', ii: 'l', oo: 'r' }

/** What tells what a state is, also where it starts with a number and the rest reads other states alone. */
const ANCHORS: Readonly<Record<Axes, string>> = {
  io: 'g',
  oi: 'transpose(g)',
  ii: 'eye(inputs)',
  oo: 'eye(outputs)',
}

/** A program with states, products and choices over all kinds of matrices, the same for the same number. */
export function randomMatrixProgram(number: number): string {
  const random = createRandom(childKey(rootKey(29), number))
  const shown = (text: string): string => `  ${text}\n`
  const solved: string[] = []
  for (const axes of ['ii', 'oo'] as const) {
    if (!random.chance(0.5)) continue
    // Of a state, which both sides hold alike: what is solved may depend on every bit.
    const made = random.pick(['eigenvectors(S)', 'inverse_root(S, 2)', 'orthonormal(S)'])
    solved.push(`let q_${axes} = ${made.replace('S', STATES[axes])}`)
  }
  const isSolved = (axes: Axes): boolean => solved.some((line) => line.startsWith(`let q_${axes} `))
  const words: Words = { random, isSolved }
  const assigned = random
    .shuffle([...AXES])
    .map((axes) => `${STATES[axes]} = 0.5 * ${ANCHORS[axes]} + ${matrix(words, axes, 3)}`)
  const start = (axes: Axes): string =>
    axes === 'ii' || axes === 'oo'
      ? random.pick([
          '0',
          '1',
          `eye(${NAMES[axes[0] as 'i' | 'o']})`,
          `0.1 * eye(${NAMES[axes[0] as 'i' | 'o']})`,
        ])
      : random.pick(axes === 'io' ? ['0', '1', 'w'] : ['0', '0.5'])
  const states = AXES.map((axes) => `state ${STATES[axes]} = ${start(axes)}`)
  const update = `update = lr * ${matrix(words, 'io', 3)}`
  const body = [...states, ...solved, ...assigned, update].map(shown).join('')
  return `if rank(w) >= 2 {\n${body}} else {\n  update = lr * g\n}\n`
}

interface Words {
  readonly random: Random
  readonly isSolved: (axes: Axes) => boolean
}

function matrix(words: Words, axes: Axes, depth: number): string {
  const { random, isSolved } = words
  const inner = (other: Axes): string => matrix(words, other, depth - 1)
  if (depth === 0 || random.chance(0.15)) {
    const leaves = [STATES[axes]]
    if (axes === 'io') leaves.push('g', 'g', 'w')
    if (axes === 'ii' || axes === 'oo') leaves.push(`eye(${NAMES[axes[0] as 'i' | 'o']})`)
    if (isSolved(axes)) leaves.push(`q_${axes}`)
    return random.pick(leaves)
  }
  const [rows, columns] = [axes[0], axes[1]] as ['i' | 'o', 'i' | 'o']
  const middle = random.pick(['i', 'o'] as const)
  const turned = `${columns}${rows}` as Axes
  return random.pick<() => string>([
    () => `matmul(${inner(`${rows}${middle}` as Axes)}, ${inner(`${middle}${columns}` as Axes)})`,
    () => `matmul(${inner(`${rows}${middle}` as Axes)}, ${inner(`${middle}${columns}` as Axes)})`,
    () => `transpose(${inner(turned)})`,
    () => `(${inner(axes)} ${random.pick(['+', '-', '*'])} ${inner(axes)})`,
    () => `(${number(words, depth)} * ${inner(axes)})`,
    () => `${random.pick(['abs', 'square', 'sign', 'relu'])}(${inner(axes)})`,
    () =>
      `where(${inner(axes)} > ${number(words, depth)}, ${inner(axes)}, ${number(words, depth)})`,
    () =>
      `where(${random.pick(['t < 2', 'size(w) > 4', 'mod(t, 2) == 0'])}, ${inner(axes)}, ${inner(axes)})`,
  ])()
}

function number(words: Words, depth: number): string {
  const { random } = words
  if (depth === 0 || random.chance(0.4))
    return random.pick(['0.1', '-2', 'lr', 't', 'input_count(w)', 'size(w)'])
  const square = (): string => matrix(words, random.pick(['ii', 'oo']), depth - 1)
  const any = (): Axes => random.pick(AXES)
  return random.pick<() => string>([
    () => `trace(${square()})`,
    () => `${random.pick(['sum', 'mean', 'norm', 'max_abs'])}(${matrix(words, any(), depth - 1)})`,
    () => {
      const axes = any()
      return `dot(${matrix(words, axes, depth - 1)}, ${matrix(words, axes, depth - 1)})`
    },
  ])()
}
