import type { Operator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { axisOf, operators } from '../../src/operators/table.ts'

/** Matrices, and numbers over all parameters (totals.test.ts), are of programs of their own. */
const ALL = operators.filter(
  (row) => row.kind !== 'shape' && row.kind !== 'global' && row.kind !== 'matrix',
)
const EXACT = ALL.filter(({ tolerance }) => tolerance === 0)
const SHAPES = operators.filter((row) => row.kind === 'shape' && row.boolean !== true)
const COMPARISONS = operators.filter(({ family }) => family === 'comparison')
const CONNECTIVES = operators.filter(({ family }) => family === 'condition')

/** What a program may be made of. */
interface Vocabulary {
  readonly random: Random
  readonly rows: readonly Operator[]
  /** Values that may be read. */
  readonly names: string[]
  readonly hosts: string[]
  /** Functions of the prelude of one tensor. */
  readonly makers: readonly string[]
}

/**
 * A program with states, decays, conditions, reductions and draws, the same for the same number. Those with an even
 * number hold exact operators alone.
 */
export function randomProgram(number: number): string {
  const random = createRandom(childKey(rootKey(23), number))
  const isExact = number % 2 === 0
  const states = Array.from({ length: 1 + random.integer(3) }, (_, index) => `s${index}`)
  const words: Vocabulary = {
    random,
    rows: isExact ? EXACT : ALL,
    names: ['g', 'g', 'w', ...states],
    hosts: isExact
      ? ['lr', 't', 't / T', 'decay_linear(t)', 'ramp_linear_restart(t)']
      : ['lr', 't / T', 'decay_cosine(t)', 'decay_demon(t)', '(1 - 0.9^(t + 1))'],
    makers: isExact ? ['previous', 'heavy_ball', 'ema'] : ['ema', 'corrected_ema', 'heavy_ball'],
  }
  const lines = states.map(
    (state) => `state ${state} = ${random.pick(['0', '-0', '1', 'w', '0.1', '1e-3 / 3'])}`,
  )
  const kept = random.chance(0.4)
  if (kept) {
    lines.push(`state kept = ${random.pick(['1', '0.1', '1 / 3'])}`)
    words.hosts.push('kept')
  }
  for (let index = 0; index < random.integer(3); index++) {
    lines.push(`let v${index} = ${value(words, 2)}`)
    words.names.push(`v${index}`)
  }
  if (kept) lines.push(`kept = 0.7 * kept + ${host(words, 2)}`)
  for (const state of random.shuffle(states))
    lines.push(
      random.chance(0.5)
        ? `${state} = 0.9 * ${state} + 0.1 * ${value(words, 2)}`
        : `${state} = ${value(words, random.chance(0.2) ? 0 : 3)}`,
    )
  const update = `update = lr * ${value(words, 4)}`
  if (!random.chance(0.25)) return [...lines, update, ''].join('\n')
  const condition = random.pick(['rank(w) >= 2', 'size(w) > 5', 'fan_in(w) < 4'])
  const other = `update = lr * ${value(words, 2)}`
  return [...lines, `if ${condition} {`, update, '} else {', other, '}', ''].join('\n')
}

function value(words: Vocabulary, depth: number): string {
  const { random } = words
  if (depth === 0 || random.chance(0.1)) return random.pick(words.names)
  const inner = (): string => value(words, depth - 1)
  const choice = random.uniform()
  if (choice < 0.15) return `(${host(words, 2)} * ${inner()})`
  if (choice < 0.2) return `(${inner()} / ${host(words, 1)})`
  if (choice < 0.25) return `${random.pick(words.makers)}(${inner()})`
  if (choice < 0.35) {
    const comparison = (): string =>
      apply(random.pick(COMPARISONS), [inner(), random.pick([inner(), '0'])])
    const condition = random.chance(0.3)
      ? joined(random, [comparison, () => `${host(words, 1)} < 0.4`])
      : comparison()
    return `where(${condition}, ${inner()}, ${random.pick([inner(), '0', '-0'])})`
  }
  if (choice < 0.4) return `where(${host(words, 1)} < 0.4, ${inner()}, ${inner()})`
  const row = random.pick(words.rows)
  if (row.name === 'where' || (row.kind === 'elementwise' && row.boolean === true)) return inner()
  if (row.kind === 'random' && row.parameters.length > 0)
    return `${row.name}(${inner()}, ${random.pick(['0.1', '0.5', '0.97'])})`
  return apply(
    row,
    row.parameters.map((_, index) =>
      index > 0 && random.chance(0.2) ? random.pick(['0', '0.3', host(words, 1)]) : inner(),
    ),
  )
}

/** Conditions joined with `and`, `or` and `not`. */
function joined(random: Random, conditions: readonly (() => string)[]): string {
  const row = random.pick(CONNECTIVES)
  return apply(
    row,
    row.parameters.map(() => random.pick(conditions)()),
  )
}

/** A number that is known before the gradient: per step, per parameter or for the whole run. */
function host(words: Vocabulary, depth: number): string {
  const { random } = words
  if (depth === 0)
    return random.chance(0.2)
      ? `${random.pick(SHAPES).name}(w)`
      : random.pick([...words.hosts, '0.3', '1e-3'])
  const inner = (): string => host(words, depth - 1)
  return random.pick([
    () => `(${inner()} * ${inner()})`,
    () => `(${inner()} + ${inner()})`,
    () => `(${inner()} / (${inner()} + 1))`,
    () => `sqrt(${inner()})`,
    () => `max(${inner()}, ${inner()})`,
    inner,
  ])()
}

function apply(row: Operator, arguments_: readonly string[]): string {
  const { fixity, callName, name } = row
  const over = axisOf(row)
  const all = over === undefined ? arguments_ : [...arguments_, `over = ${over}`]
  if (fixity === undefined) return `${callName ?? name}(${all.join(', ')})`
  return fixity.position === 'prefix'
    ? `(${fixity.symbol}(${arguments_[0]}))`
    : `(${arguments_.join(` ${fixity.symbol} `)})`
}
