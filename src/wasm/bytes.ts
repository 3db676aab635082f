/** Parts of the binary format (WebAssembly Core Specification 2.0, section 5.2). */

/** LEB128 of an unsigned integer below 2^32. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}

/** Signed LEB128 of an integer of up to 64 bits. */
export function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    if (done) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

/** A vector of items: their number, then each of them. */
export const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
]

/** Bytes behind their number. */
export const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes]

/** A name in UTF-8. */
export const text = (name: string): number[] => sized([...new TextEncoder().encode(name)])

/** A section of a module; nothing where it would be empty. */
export const section = (id: number, items: readonly (readonly number[])[]): number[] =>
  items.length === 0 ? [] : [id, ...sized(vector(items))]
