import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createOutput } from '../../src/hosts/cli/output.ts'
import { textStream } from '../../src/hosts/cli/text-stream.ts'

/** A stream as Node gives it for standard output. */
function stream(size: { isTTY: boolean; columns?: number; rows?: number }): NodeJS.WriteStream {
  return Object.assign(new PassThrough(), size) as unknown as NodeJS.WriteStream
}

const stop = (): AbortController => new AbortController()

describe('the size of a stream', () => {
  it('is that of its terminal', () => {
    const { columns, rows } = textStream(stream({ isTTY: true, columns: 72, rows: 20 }), stop())
    expect([columns, rows]).toEqual([72, 20])
  })

  it.each([{ isTTY: true, columns: 0, rows: 0 }, { isTTY: false }])(
    'is not known for %j, and results are 100 wide',
    (size) => {
      const stdout = textStream(stream(size), stop())
      expect([stdout.columns, stdout.rows]).toEqual([undefined, undefined])
      const world = { stdout, stderr: stdout, env: {} }
      expect(createOutput(world).columns).toBe(100)
    },
  )
})
