import type { Paint } from '../output.ts'
import { progressBar } from '../progress.ts'
import {
  bestFacts,
  budgetFacts,
  cacheFacts,
  evaluationFacts,
  rejectionFacts,
  searchFacts,
  stageCount,
  stagePace,
} from './search-facts.ts'
import type { SearchClock } from './search-clock.ts'
import { cut, enumerate, particleLines, wrap } from './panel-layout.ts'
import type { Tally } from './search-tally.ts'

/** The room that a panel has. */
export interface PanelSize {
  readonly columns: number
  readonly rows: number
}

const LABEL_COLUMNS = 10
const WIDEST_BAR = 24
const NARROWEST_BAR = 8
const REASON_LINES = 4

/**
 * The panel of a running search: at most `rows` lines of at most `columns` characters, colour aside; `columns` at least 20.
 */
export function renderPanel(
  tally: Tally,
  clock: SearchClock,
  now: number,
  { columns, rows }: PanelSize,
  paint: Paint,
): readonly string[] {
  const fact = (label: string, pieces: readonly string[], most = 2): readonly string[] =>
    wrap(pieces, columns - LABEL_COLUMNS, most).map(
      (line, index) => paint.dim((index === 0 ? label : '').padEnd(LABEL_COLUMNS)) + line,
    )
  const { all, reasons } = rejectionFacts(tally)
  const budget = budgetFacts(tally, clock)
  const facts = [
    ...stageLines(tally, now, columns, paint),
    ...fact('search', enumerate(searchFacts(tally, clock))),
    ...(budget.length === 0 ? [] : fact('budget', enumerate(budget))),
    ...fact('best', enumerate(bestFacts(tally))),
    ...fact('trained', enumerate(evaluationFacts(tally, clock))),
    ...fact('cache', cacheFacts(tally)),
    ...fact(
      'rejected',
      [reasons.length === 0 ? all : `${all}:`, ...enumerate(reasons)],
      REASON_LINES,
    ),
  ]
  const room = rows - facts.length - 1
  const particles = room < 1 ? [] : particleLines(tally.particles, columns, room, paint)
  const lines = particles.length === 0 ? facts : [...facts, '', ...particles]
  return lines.slice(0, rows)
}

/** Name, bar and numbers; the pace in a second line where the first is too short for all. */
function stageLines(
  { stage }: Tally,
  now: number,
  columns: number,
  paint: Paint,
): readonly string[] {
  if (stage === undefined) return [paint.bold(cut('nothing has begun', columns))]
  const { name, done, slots } = stage
  const numbers = [stageCount(stage), ...stagePace(stage, now)]
  const roomBeside = (text: string): number => columns - name.length - text.length - 2
  const isWide = roomBeside(numbers.join(', ')) >= NARROWEST_BAR
  const beside = isWide ? numbers.join(', ') : numbers[0]!
  const room = Math.min(roomBeside(beside), WIDEST_BAR)
  const first =
    room < NARROWEST_BAR
      ? cut(`${name} ${beside}`, columns)
      : `${paint.bold(name)} ${paint.green(progressBar(done, slots, room))} ${beside}`
  const rest = isWide ? [] : numbers.slice(1)
  return rest.length === 0 ? [first] : [first, cut(rest.join(', '), columns)]
}
