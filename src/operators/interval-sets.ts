import { interval, type Interval } from '../operators/interval.ts'

const LANDMARKS = [-1, 0, 1]

/** `next`, its ends that have moved since `before` moved on to the next of -1, 0, 1 and infinity, so that rounds end. */
export function widenInterval(before: Interval, next: Interval, landmarks: boolean): Interval {
  const marks = landmarks ? LANDMARKS : []
  const lowMoved = next.low < before.low
  const highMoved = next.high > before.high
  const low = lowMoved ? Math.max(-Infinity, ...marks.filter((mark) => mark <= next.low)) : next.low
  const high = highMoved
    ? Math.min(Infinity, ...marks.filter((mark) => mark >= next.high))
    : next.high
  return interval(low, high, {
    lowOpen: next.lowOpen && (!lowMoved || low === next.low),
    highOpen: next.highOpen && (!highMoved || high === next.high),
    nan: next.nan,
  })
}

/** The numbers in both; `a` where there are none. */
export function narrow(a: Interval, b: Interval): Interval {
  const low = Math.max(a.low, b.low)
  const high = Math.min(a.high, b.high)
  const lowOpen = (a.low === low && a.lowOpen) || (b.low === low && b.lowOpen)
  const highOpen = (a.high === high && a.highOpen) || (b.high === high && b.highOpen)
  if (isEmpty({ low, high, lowOpen, highOpen })) return a
  return { low, high, lowOpen, highOpen, nan: a.nan && b.nan }
}

/** Whether no number lies between the ends. */
export function isEmpty(range: Omit<Interval, 'nan'>): boolean {
  return range.low > range.high || (range.low === range.high && (range.lowOpen || range.highOpen))
}

/** Whether no number is in both. */
export function disjoint(a: Interval, b: Interval): boolean {
  return (
    a.low > b.high ||
    b.low > a.high ||
    (a.low === b.high && (a.lowOpen || b.highOpen)) ||
    (b.low === a.high && (b.lowOpen || a.highOpen))
  )
}
