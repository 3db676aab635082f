import type { World } from './world.ts'

/** Shows how far long work is. */
export interface Progress {
  /** `done` of the total are finished; `remark` is shown beside the bar. */
  readonly update: (done: number, remark?: string) => void
  /** Writes a line above the bar. */
  readonly log: (line: string) => void
  /** Takes the bar away. */
  readonly end: () => void
}

export interface ProgressOptions {
  /** What is being done: `training adam`. */
  readonly title: string
  readonly total: number
  /** What is counted: `steps`. */
  readonly unit: string
}

const BAR_COLUMNS = 24
const REDRAW_MILLISECONDS = 100
const LINE_MILLISECONDS = 10_000
const FULL = '█'
const EMPTY = '░'

/**
 * A bar with rate and time left on standard error when that is a terminal, otherwise a plain line every 10 seconds and at
 * the end.
 */
export function createProgress(world: World, { title, total, unit }: ProgressOptions): Progress {
  const { stderr } = world
  const start = world.now()
  let shownAt = stderr.isTerminal ? -Infinity : start
  let drawn = false
  let lineOf = -1

  const clear = (): void => {
    if (drawn) stderr.write('\r\u001b[K')
    drawn = false
  }
  return {
    update: (done, remark = '') => {
      const now = world.now()
      const finished = done >= total
      const wait = stderr.isTerminal ? REDRAW_MILLISECONDS : LINE_MILLISECONDS
      if (finished ? lineOf === done : now - shownAt < wait) return
      shownAt = now
      lineOf = done
      const state = describeProgress(done, total, unit, (now - start) / 1000)
      const tail = remark === '' ? '' : `  ${remark}`
      if (!stderr.isTerminal) return stderr.write(`${title}: ${state}${tail}\n`)
      const bar = progressBar(done, total, BAR_COLUMNS)
      const line = `${title} ${bar} ${state}${tail}`
      clear()
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1))
      drawn = true
    },
    log: (line) => {
      clear()
      stderr.write(`${line}\n`)
      shownAt = stderr.isTerminal ? -Infinity : shownAt
    },
    end: clear,
  }
}

/** `██████░░░░`, `columns` characters of which `done` of the `total` are full. */
export function progressBar(done: number, total: number, columns: number): string {
  const filled = Math.round((columns * Math.min(done, total)) / Math.max(total, 1))
  return FULL.repeat(filled) + EMPTY.repeat(columns - filled)
}

/** `250/1000 steps, 82.1 steps/s, 9 s left`. */
export function describeProgress(
  done: number,
  total: number,
  unit: string,
  seconds: number,
): string {
  const counted = `${done}/${total} ${unit}`
  if (done === 0 || seconds <= 0) return counted
  const rate = done / seconds
  const shownRate = rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3)
  const rest =
    done < total ? `${formatDuration((total - done) / rate)} left` : formatDuration(seconds)
  return `${counted}, ${shownRate} ${unit}/s, ${rest}`
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
