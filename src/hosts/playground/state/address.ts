import { deflateSync, Inflate } from 'fflate'
import { readState } from './read-state.ts'
import type { PageState, Read } from './state.ts'

/** What an address begins with; another number is another format. */
const FORMAT = '1.'

/** Most characters of an address that are looked at. */
const MOST_CODED = 200_000

/** Most bytes that a state has when it is unpacked. */
const MOST_BYTES = 1_000_000

/** Packed bytes that are unpacked at once: what a thousand times as many bytes come of is seen early. */
const PIECE = 512

/** A state as what follows the `#` of an address: JSON, deflated, in letters that addresses may hold. */
export function writeAddress(state: PageState): string {
  const packed = deflateSync(new TextEncoder().encode(JSON.stringify(state)), { level: 9 })
  let binary = ''
  for (const byte of packed) binary += String.fromCharCode(byte)
  const coded = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return FORMAT + coded
}

/** The state of what follows the `#` of an address, which anybody may have written. Never throws. */
export function readAddress(fragment: string): Read {
  const broken = (reason: string): Read => ({ kind: 'broken', reason })
  if (fragment === '') return { kind: 'nothing' }
  if (!fragment.startsWith(FORMAT)) return broken('it is none of this version')
  const coded = fragment.slice(FORMAT.length)
  if (coded.length > MOST_CODED) return broken('it is too long')
  if (!/^[\w-]+$/.test(coded)) return broken('it holds letters that none has')
  try {
    const binary = atob(coded.replaceAll('-', '+').replaceAll('_', '/'))
    const packed = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true }).decode(inflated(packed))
    return readState(JSON.parse(text))
  } catch (error) {
    return broken(error instanceof RangeError ? error.message : 'it is damaged')
  }
}

/** The bytes that were packed. Throws a RangeError for more than there may be, and other errors for what is damaged. */
function inflated(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  let isWhole = false
  const stream = new Inflate((part, isLast) => {
    length += part.length
    if (length > MOST_BYTES) throw new RangeError('it holds too much')
    parts.push(part)
    isWhole ||= isLast
  })
  for (let at = 0; at < packed.length; at += PIECE)
    stream.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length)
  if (!isWhole) throw new Error('it is cut off')
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
