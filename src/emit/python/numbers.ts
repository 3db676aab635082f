import { binary, number, unary, type Code } from '../code.ts'
import { numberForm } from '../number-form.ts'
import type { Builder } from './builder.ts'

/** A number as a person writes it in Python: thirds and the like as quotients. */
export function numberCode(value: number, build: Builder): Code {
  if (Number.isNaN(value)) return build.math('nan')
  return value < 0 || Object.is(value, -0)
    ? negated(positiveNumber(-value, build))
    : positiveNumber(value, build)
}

/** The same where a whole number would be taken for one of another type. */
export function floatCode(value: number, build: Builder): Code {
  const size = Math.abs(value)
  if (!Number.isInteger(size) || size >= 1e21) return numberCode(value, build)
  const code: Code = { kind: 'number', text: `${size}.0` }
  return value < 0 || Object.is(value, -0) ? unary('-', code) : code
}

/** The minus sign stands before the first number of a product or quotient; a difference is turned around. */
function negated(code: Code): Code {
  // The whole number 0 has no sign.
  if (code.kind === 'number' && code.text === '0')
    return unary('-', { kind: 'number', text: '0.0' })
  if (code.kind !== 'binary') return unary('-', code)
  return code.operator === '-'
    ? { ...code, left: code.right, right: code.left }
    : { ...code, left: negated(code.left) }
}

function positiveNumber(value: number, build: Builder): Code {
  if (value === Infinity) return build.math('inf')
  if (value === Math.PI) return build.math('pi')
  if (value === 2 * Math.PI) return binary('*', number(2), build.math('pi'))
  if (value === Math.PI / 2) return binary('/', build.math('pi'), number(2))
  if (value === Math.E) return build.math('e')
  const form = numberForm(value)
  switch (form.kind) {
    case 'decimal':
      return number(value)
    case 'quotient':
      return binary('/', number(form.numerator), number(form.denominator))
    case 'complement':
      return binary('-', number(1), number(form.of))
  }
}

/** A number in a text for people. */
export function numberName(value: number): string {
  return String(value).replace('Infinity', 'inf')
}
