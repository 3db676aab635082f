import { describe, expect, it } from 'vitest'
import type { World } from '../../src/hosts/cli/world.ts'
import { createProgress, describeProgress, formatDuration } from '../../src/hosts/cli/progress.ts'

/** A world that only tells the time and takes standard error. */
function createClock(
  isTerminal: boolean,
  columns?: number,
): { world: World; written: () => string; at: (milliseconds: number) => void } {
  let now = 0
  let written = ''
  const stderr = { write: (text: string) => void (written += text), isTerminal, columns }
  const world: World = {
    ...{ cwd: '/', env: {}, stderr, stdout: stderr, signal: new AbortController().signal },
    ...{ readStdin: () => Promise.resolve(new Uint8Array()), now: () => now },
  }
  return { world, written: () => written, at: (milliseconds) => void (now = milliseconds) }
}

const options = { title: 'training adam', total: 1000, unit: 'steps' }

describe('progress', () => {
  it('is plain lines, few of them, where there is no terminal', () => {
    const { world, written, at } = createClock(false)
    const progress = createProgress(world, options)
    for (let step = 1; step <= 1000; step++) {
      at(step * 25)
      progress.update(step, `loss ${step}`)
    }
    progress.end()
    expect(written()).toBe(
      'training adam: 400/1000 steps, 40.0 steps/s, 15 s left  loss 400\n' +
        'training adam: 800/1000 steps, 40.0 steps/s, 5.0 s left  loss 800\n' +
        'training adam: 1000/1000 steps, 40.0 steps/s, 25 s  loss 1000\n',
    )
  })

  it('is a bar within the width of a terminal, taken away at the end', () => {
    const { world, written, at } = createClock(true, 60)
    const progress = createProgress(world, options)
    at(1000)
    progress.update(250)
    at(1001)
    progress.update(251)
    progress.log('a line')
    at(1300)
    progress.update(500, 'x'.repeat(100))
    progress.end()
    const [first, afterLog, last] = written().split(/\r\u001b\[K/)
    expect(first).toBe('training adam ██████░░░░░░░░░░░░░░░░░░ 250/1000 steps, 250 ')
    expect(afterLog).toMatch(/^a line\ntraining adam █{12}░{12} 500\/1000 steps/)
    expect(afterLog!.split('\n')[1]!.length).toBe(59)
    expect(last).toBe('')
  })

  it('has no rate before anything is done', () => {
    expect(describeProgress(0, 10, 'rules', 3)).toBe('0/10 rules')
  })
})

it.each([
  [0.123, '0.1 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
])('%d seconds are %s', (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected)
})
