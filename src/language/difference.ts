import type { Program } from '../ir/graph.ts'
import { analyze } from '../ir/analysis/analyze.ts'
import { reachable } from '../ir/build.ts'
import { rootsOf } from '../ir/rewrite.ts'
import { showInterval } from '../operators/interval.ts'
import { simulateModel } from '../plan/run/evaluate.ts'
import { equationsOfProgram } from './editor/equations.ts'
import { lineScript } from './line-script.ts'
import { declaredLearningRate } from './learning-rate.ts'

/** How a rule differs from another, as Markdown: equations, hyperparameters, what is kept, and what both do with gradients. */
export function explainDifference(rule: Program, other: Program): string {
  const [a, b] = [named(rule), named(other)]
  return [
    `# ${a} and ${b}`,
    equationsPart(rule, other),
    `## Hyperparameters\n\n${hyperparameters(rule, other)}`,
    `## What they need and do\n\n${comparison(rule, other)}`,
  ].join('\n\n')
}

const named = ({ name }: Program): string => name

function equationsPart(rule: Program, other: Program): string {
  const lines = lineScript(equationsOfProgram(other), equationsOfProgram(rule))
  if (lines.every(({ kind }) => kind === 'same'))
    return 'Both take the same step; only their hyperparameters may differ.'
  const signs = { same: ' ', removed: '-', added: '+' }
  const written = lines.map(({ kind, text }) => `${signs[kind]} ${text}`).join('\n')
  return `Lines with \`-\` are those of ${other.name} alone, lines with \`+\` those of ${rule.name}.\n\n\`\`\`diff\n${written}\n\`\`\``
}

function hyperparameters(rule: Program, other: Program): string {
  const names = new Set([...rule.hyperparameters, ...other.hyperparameters].map(({ name }) => name))
  const cell = ({ hyperparameters: all }: Program, wanted: string): string => {
    const found = all.find(({ name }) => name === wanted)
    return found === undefined ? '' : `${found.default} in ${showInterval(found.interval)}`
  }
  return table(
    ['', rule.name, other.name],
    [...names].map((name) => [`\`${name}\``, cell(rule, name), cell(other, name)]),
  )
}

function comparison(rule: Program, other: Program): string {
  const rows: readonly (readonly [string, (program: Program) => string])[] = [
    ['numbers kept for each weight', (each) => String(statesOf(each, true))],
    ['other states', (each) => String(statesOf(each, false))],
    ['uses the weights themselves', (each) => yesNo(reads(each, 'w'))],
    ['changes with the step number', (each) => yesNo(reads(each, 't') || each.usesTotalSteps)],
    ['needs the total number of steps', (each) => yesNo(each.usesTotalSteps)],
    [
      'evaluated with other weights than it is trained at',
      (each) => yesNo(each.evaluate !== undefined),
    ],
    ...STEPS.map(
      (step) =>
        [
          `step ${step + 1} under gradients of 1, in learning rates`,
          (each: Program) => rounded(moves(each, 1)[step]! / rateOf(each)),
        ] as const,
    ),
    [
      'how much further it goes where gradients are 100 times as large',
      (each) => rounded(sumOf(moves(each, 100)) / sumOf(moves(each, 1))),
    ],
  ]
  return table(
    ['', rule.name, other.name],
    rows.map(([text, value]) => [text, value(rule), value(other)]),
  )
}

const yesNo = (is: boolean): string => (is ? 'yes' : 'no')

/** Steps that are shown of a run, of so many. */
const STEPS = [0, 9, 99]
const TOTAL_STEPS = 200

/** How many states of a program hold a number for each element, or how many hold fewer. */
function statesOf(program: Program, areElements: boolean): number {
  const { stateOf } = analyze(program)
  return program.states.filter((_, index) => (stateOf(index).extent === 'element') === areElements)
    .length
}

function reads(program: Program, input: 'w' | 't'): boolean {
  return reachable(rootsOf(program)).some(
    (node) =>
      (node.kind === 'input' && node.name === input) ||
      (node.kind === 'call' && node.arguments[0]?.kind === 'input' && input === 't'),
  )
}

const rateOf = (program: Program): number => declaredLearningRate(program)?.default ?? 1

/** How far one weight that starts at 0 goes at each step of a run whose gradients are all `gradient`. */
function moves(program: Program, gradient: number): readonly number[] {
  const steps = Math.max(...STEPS) + 1
  const { w } = simulateModel(
    program,
    { shapes: [[1, 1]], totalSteps: TOTAL_STEPS },
    [[0]],
    Array.from({ length: steps }, () => [[gradient]]),
  )
  const path = w.map(([values]) => values![0]!)
  return path.map((value, step) => (path[step - 1] ?? 0) - value)
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0)

const rounded = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'not a number'

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
