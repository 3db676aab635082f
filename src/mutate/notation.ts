import type { Template } from './space/space.ts'
import type { Expression } from '../syntax/ast.ts'
import { parse } from '../syntax/parse.ts'

/** One thing the published log spells: an operand, an operator or a decay base, and what it is in the language. */
export interface NotationRow {
  /** The spelling, holes in braces: `ln(|{x}|)`. A hole that stands there twice is the same text both times. */
  readonly spelling: string
  readonly template: Template
}

/** The spellings of a kind of value. */
export interface Notation {
  readonly operands: readonly NotationRow[]
  readonly operators: readonly NotationRow[]
}

/** How the log names the outer forms, in the order of the space's `forms`. */
export const OUTER_FORMS = ['None', 'Mom', 'Nest'] as const

/** What stands between the outer form and the update. */
export const FORM_SEPARATOR = ' ~ '

/** A decay on an edge, and the value it multiplies. */
export const EDGE = '[{decay}][{value}]'

const UNARY = [
  row('arctan({x})', 'atan(x)'),
  row('bessel_i1e({x})', 'bessel_i1e(x)'),
  row('erf({x})', 'erf(x)'),
  row('erfc({x})', 'erfc(x)'),
  row('tanh({x})', 'tanh(x)'),
  row('{x}/(1+|{x}|)', 'softsign(x)'),
]

const BINARY = [
  row('({a})+({b})', 'a + b'),
  row('({a})-({b})', 'a - b'),
  row('({a})*({b})', 'a * b'),
  row('max({a}, {b})', 'max(a, b)'),
  row('min({a}, {b})', 'min(a, b)'),
  row('({a}) / ({b})', 'safe_divide(a, b)'),
  row('({a}) / (sqrt(1+({b})^2))', 'damp(a, b)'),
]

/** The spellings of the update equation. */
export const ruleNotation: Notation = {
  operands: [
    row('g', 'g'),
    row('g^2', 'g^2'),
    row('g^3', 'g^3'),
    row('v hat', 'v_hat()'),
    row('s hat', 's_hat()'),
    row('lam hat', 'l_hat()'),
    row('1', '1'),
    row('2', '2'),
    row('10-6w', '1e-6 * w'),
    row('10-5w', '1e-5 * w'),
    row('10-4w', '1e-4 * w'),
    row('10-3w', '1e-3 * w'),
    row('sign(g)', 'sign(g)'),
    row('sign(v hat)', 'sign(v_hat())'),
    row('((1-0.7)*g+0.7*v hat)', 'mixed_g()'),
    row('((1-0.95)*g^2+0.95*s hat)', 'mixed_g2()'),
    row('((1-0.99)*g^2+0.99*lam hat)', 'mixed_g3()'),
    row('mean(beta*v-g)', '0.633 * ema(g, 0.9) - g'),
    row('mean(beta*s-g^2)', '0.663 * ema(g^2, 0.99) - g^2'),
    row('mean(beta*lam-g^3)', '0.6663 * ema(g^3, 0.999) - g^3'),
  ],
  operators: [
    row('id({x})', 'x'),
    row('-({x})', '-x'),
    row('ln(|{x}|)', 'log_abs(x)'),
    row('sqrt(|{x}|)', 'sqrt_abs(x)'),
    row('exp({x})', 'exp(x)'),
    row('|{x}|', 'abs(x)'),
    row('sig({x})', 'sigmoid(x)'),
    row('1/(1+|{x}|)', 'inverse_one_plus_abs(x)'),
    row('ln(|1+exp({x})|)', 'log_one_plus_exp(x)'),
    row('arcsinh({x})', 'asinh(x)'),
    row('1/({x})', 'safe_reciprocal(x)'),
    row('max({x}, 0)', 'relu(x)'),
    row('min({x}, 0)', 'negative_part(x)'),
    row('drop({x}, 0.5)', 'dropout(x, 0.5)'),
    row('drop({x}, 0.3)', 'dropout(x, 0.3)'),
    row('drop({x}, 0.1)', 'dropout(x, 0.1)'),
    row('norm({x})', 'clip_by_norm(x, 1)'),
    row('expMovAvg({x})', 'corrected_ema(x, 0.95)'),
    row('deltaChange({x})', 'delta_change(x)'),
    row('MaxValue({x})', 'running_max(x)'),
    ...UNARY,
    ...BINARY,
    row('clip({a}, {b})', 'clip(a, b)'),
    row('(0.95*({a})+0.05*({b}))', 'blend(a, b)'),
    row('(|{a}|)^({b})', 'abs_power(a, b)'),
  ],
}

/** The spellings of decays. The sigmoid lacks a bracket in the log. */
export const decayNotation: Notation = {
  operands: Array.from({ length: 14 }, (_, index) => row(`a${index + 1}`, `a${index + 1}(t)`)),
  operators: [
    row('id({x})', 'identity(x)'),
    row('1/(1+exp(-{x})', 'sigmoid(x)'),
    row('deriv_soft({x})', 'inverse_one_plus_abs(x)'),
    row('({x})^2', 'square(x)'),
    row('sqrt({x})', 'sqrt_abs(x)'),
    row('deriv_tanh({x})', 'tanh_derivative(x)'),
    row('deriv_sig({x})', 'sigmoid_derivative(x)'),
    ...UNARY,
    ...BINARY,
  ],
}

/** A part of a spelling: text that stands there, or a hole. */
export type SpellingPart = { readonly literal: string } | { readonly hole: string }

/** The parts of a spelling in order. */
export function partsOf(spelling: string): readonly SpellingPart[] {
  return spelling
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .map((part) => (/^\{\w+\}$/.test(part) ? { hole: part.slice(1, -1) } : { literal: part }))
}

/** The spelling with its holes filled. */
export function spell(spelling: string, holes: Readonly<Record<string, string>>): string {
  return partsOf(spelling)
    .map((part) => ('hole' in part ? holes[part.hole]! : part.literal))
    .join('')
}

function row(spelling: string, expression: string): NotationRow {
  const holes = partsOf(spelling).flatMap((part) => ('hole' in part ? [part.hole] : []))
  return { spelling, template: { expression: read(expression), parameters: [...new Set(holes)] } }
}

function read(text: string): Expression {
  const [statement] = parse({ path: 'notation.opt', text: `update = ${text}\n` }).value.items
  if (statement?.kind !== 'assign') throw new Error(`not an expression: ${text}`)
  return statement.value
}
