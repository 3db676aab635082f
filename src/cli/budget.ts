import type { Budget } from '../evolve/search-configuration.ts'

const UNITS: Readonly<Record<string, (amount: number) => Budget>> = {
  steps: (steps) => ({ steps }),
  s: (seconds) => ({ minutes: seconds / 60 }),
  m: (minutes) => ({ minutes }),
  min: (minutes) => ({ minutes }),
  h: (hours) => ({ minutes: 60 * hours }),
}

/** The budget that `30m`, `1.5h` or `500000steps` means. Throws an Error that says what was expected. */
export function parseBudget(text: string): Budget {
  const [, amount = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? []
  const budget = UNITS[unit]?.(Number(amount))
  if (budget === undefined || !(Number(amount) > 0))
    throw new Error('it must be a time or a number of steps: 90s, 30m, 2h or 500000steps')
  return budget
}
