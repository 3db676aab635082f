import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

const IMPORT = 'import { warmup_linear } from "std/schedules"\n\n'
const codes = (text: string): string[] => checkText(text).diagnostics.map(({ code }) => code)

describe('a schedule behind the end of the run', () => {
  it.each([
    ['runs away in a straight line', 'schedule s(t) = 3 - 2 * t / T\n'],
    ['turns around and away', 'schedule s(t) = (t / T - 0.5)^2\n'],
    [
      'runs away whatever its arguments',
      'schedule s(t, a in (0, inf), b in [0, 1]) = a * b + a * t / T\n',
    ],
    ['has a pole', 'schedule s(t) = 1 / (T - min(t, 2 * T) + 0.5)\n'],
    ['is no number', 'schedule s(t) = where(t < T, 1, 0 / max(T - t, 0))\n'],
    ['jumps', 'schedule s(t) = where(t < T, 1, 2)\n'],
    ['does so behind a decay', 'schedule s(t) = 1 + t * ramp_linear(t)\n'],
    [
      'does so through another',
      'schedule inner(t) = clip(t, 0, 3 * T)\n\nschedule s(t) = 2 * inner(t)\n',
    ],
  ])('%s', (_, text) => {
    expect(codes(text).filter((code) => code === 'schedule-past-end').length).toBeGreaterThan(0)
  })

  it.each([
    ['holds its last value', 'schedule s(t) = 3 - 2 * min(t, T - 1) / T\n'],
    ['reaches its end on step T', 'schedule s(t) = 3 - 2 * clip(t / T, 0, 1)\n'],
    ['is made of decays', 'schedule s(t) = 3 - 2 * decay_cosine(t) * ramp_exponential(t)\n'],
    ['goes up and down as before', 'schedule s(t) = 3 + cos(pi * t / T)\n'],
    ['knows nothing of the end', 'schedule s(t) = sqrt(t)\n'],
    [
      'is still warming up at the end of a short run',
      `${IMPORT}schedule s(t, warmup in [1, inf) = 100) = warmup_linear(t, warmup) * (1 + decay_cosine(t))\n`,
    ],
    ['is a decay', 'decay s(t) = 1 - t / T\n'],
  ])('%s: nothing to say', (_, text) => {
    expect(codes(text)).toEqual([])
  })

  it('is no reason to call a limit idle that only binds there', () => {
    expect(codes('update = lr * g * max(1 - t / T, 0)\n')).toEqual([])
    expect(codes('update = lr * g * max(t + 1, 0)\n')).toEqual(['no-effect'])
  })

  it('is reported with the first step tried, what it is there and what it was', () => {
    const [diagnostic] = checkText('schedule s(t) = where(t < T, 1, 7)\n').diagnostics
    expect(diagnostic).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining(
        'it is 7 at step t = 24 of T = 24, and within [1, 1] before',
      ),
    })
  })
})
