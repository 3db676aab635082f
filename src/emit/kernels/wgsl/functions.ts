/** A function of WGSL. */
export interface ShaderFunction {
  readonly name: string
  /** Its declaration. */
  readonly text: string
  /** The functions that it calls. */
  readonly needs: readonly ShaderFunction[]
}

/** The function that `text` declares, which calls those behind it. */
export function shaderFunction(text: string, ...needs: readonly ShaderFunction[]): ShaderFunction {
  const name = /^\s*fn (\w+)\(/.exec(text)?.[1]
  if (name === undefined) throw new Error(`no function is declared: ${text}`)
  return { name, text: text.trim(), needs }
}

/** The declarations of functions and of what they call, each once, behind what it calls. */
export function declarationsOf(functions: Iterable<ShaderFunction>): string {
  const texts = new Map<string, string>()
  const add = ({ name, text, needs }: ShaderFunction): void => {
    if (texts.has(name)) return
    needs.forEach(add)
    texts.set(name, text)
  }
  for (const each of functions) add(each)
  return [...texts.values()].join('\n\n')
}

/** What a spelling can ask for beside its arguments. */
export interface Builder {
  /** A call of a function, which the shader then carries. */
  call(called: ShaderFunction, ...arguments_: readonly string[]): string
  /** The random word that is drawn for the element: a u32. */
  word(): string
  /** A u32 that is 0 when the shader runs, which its compiler cannot know: part of a uniform, for instance. */
  zero(): string
}

/** A builder that notes the functions it calls in `called`; the others are texts of what it is asked for. */
export function createBuilder(
  called: Set<ShaderFunction>,
  { word, zero }: Pick<Builder, 'word' | 'zero'>,
): Builder {
  return {
    call: (each, ...arguments_) => {
      called.add(each)
      return `${each.name}(${arguments_.join(', ')})`
    },
    word,
    zero,
  }
}

/** A 32-bit float as a literal of WGSL. Throws a RangeError for what is not finite, which literals cannot be. */
export function literal(value: number): string {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded)) throw new RangeError(`${value} is no literal`)
  // Of a zero with a sign and of subnormal numbers some compilers lose bits.
  if (Object.is(rounded, -0)) return 'bitcast<f32>(0x80000000u)'
  if (rounded !== 0 && Math.abs(rounded) < 2 ** -126) return `bitcast<f32>(${bitsOf(rounded)}u)`
  const text = shortest(rounded)
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`
}

/** The bits of a 32-bit float. */
export function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!
}

/** The shortest decimal that is the same number in 32 bits. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(Number(value.toPrecision(9)))
}

/** The polynomial with these coefficients, the highest power first, in the float that `x` names. */
export function polynomial([first, ...rest]: readonly number[], x: string): string {
  return rest.reduce((sum, each) => `(${sum} * ${x} + ${literal(each)})`, literal(first!))
}
