import type { Budget } from '../../evolve/search-configuration.ts'

const UNITS: ReadonlyMap<string, (amount: number) => Budget> = new Map(
  Object.entries({
    steps: (steps: number): Budget => ({ steps }),
    s: (seconds: number): Budget => ({ minutes: seconds / 60 }),
    m: (minutes: number): Budget => ({ minutes }),
    min: (minutes: number): Budget => ({ minutes }),
    h: (hours: number): Budget => ({ minutes: 60 * hours }),
  }),
)

/** The budget that `30m`, `1.5h` or `500000steps` means. Throws an Error that says what was expected. */
export function parseBudget(text: string): Budget {
  const [, amount = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? []
  const budget = UNITS.get(unit)?.(Number(amount))
  if (budget === undefined || !(Number(amount) > 0))
    throw new Error('it must be a time or a number of steps: 90s, 30m, 2h or 500000steps')
  return budget
}
