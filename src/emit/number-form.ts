/** How a person writes a number that is not negative: as a decimal, or as what gives exactly it and is a good deal shorter. */
export type NumberForm =
  | { readonly kind: 'decimal'; readonly value: number }
  | { readonly kind: 'quotient'; readonly numerator: number; readonly denominator: number }
  /** 1 less a number. */
  | { readonly kind: 'complement'; readonly of: number }

/** Decimals of more characters are long. */
const LONG = 8
const LARGEST_DENOMINATOR = 100

/** The form of `value`, which is not negative. What it says is the same number to the last bit. */
export function numberForm(value: number): NumberForm {
  const decimal = { kind: 'decimal', value } as const
  if (!isLong(value)) return decimal
  const of = Number((1 - value).toPrecision(LONG))
  if (1 - of === value && !isLong(of)) return { kind: 'complement', of }
  for (let denominator = 2; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = Math.round(value * denominator)
    if (numerator > 0 && numerator / denominator === value)
      return { kind: 'quotient', numerator, denominator }
  }
  return decimal
}

/**
 * What is written for a number that meets values of 32 bits: the shortest decimal that is the same number there, where that is a
 * good deal shorter than what is written for the number itself.
 */
export function roundedForTensor(value: number): number {
  const short = Number(value.toPrecision(6))
  const isSame = Math.fround(short) === Math.fround(value) && !isLong(short)
  const { kind } = numberForm(Math.abs(value))
  return isSame && isLong(value) && kind !== 'quotient' ? short : value
}

function isLong(value: number): boolean {
  return String(value).length > LONG
}
