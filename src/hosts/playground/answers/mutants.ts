import { librarySpaces } from '../../../language/imports.ts'
import { mutate, type MutatedRule } from '../../../library/mutate.ts'
import { standardLibrary } from '../../../library/standard-library.ts'
import { kindWords } from '../../../mutate/mutations/table.ts'
import { lineChanges, type ChangedLine } from '../../../report/line-changes.ts'
import { format } from '../../../library/language.ts'
import { breathe } from '../calls/answer-questions.ts'

export interface MutantsQuestion {
  readonly kind: 'mutants'
  readonly text: string
  readonly fileName: string
  readonly space: string
  /** Where the random numbers of the first mutant start; those of the next at the next number. */
  readonly seed: number
  readonly count: number
}

/** A changed program beside the one it was. */
export interface Mutant extends MutatedRule {
  readonly seed: number
  /** What was done to the rule, in words. */
  readonly words: string
  readonly changes: readonly ChangedLine[]
}

/** Mutants that differ from the program and from each other; one sentence why there are none where there are none. */
export interface Mutants {
  readonly mutants: readonly Mutant[]
  readonly problem?: string
  /** The search spaces that there are. */
  readonly spaces: readonly string[]
}

const words = kindWords()

const spaces = librarySpaces(Object.keys(standardLibrary))

/** Mutants of any text. */
export async function mutantsOf(question: MutantsQuestion, signal: AbortSignal): Promise<Mutants> {
  const { text, fileName: path, space, seed: first, count } = question
  const before = format(text, { path }).value ?? text
  const mutants: Mutant[] = []
  const seen = new Set([before])
  for (let seed = first; seed < first + count; seed++) {
    await breathe()
    signal.throwIfAborted()
    const { value, problem, diagnostics } = await mutate(text, { path, space, seed })
    if (value === undefined) {
      const [worst] = diagnostics.filter(({ severity }) => severity === 'error')
      return { mutants, spaces, problem: problem ?? worst?.message ?? 'the program has errors' }
    }
    if (seen.has(value.text)) continue
    seen.add(value.text)
    const changes = lineChanges(linesOf(before), linesOf(value.text)).filter(isCode)
    mutants.push({ ...value, seed, words: words.get(value.kind) ?? value.kind, changes })
  }
  return mutants.length > 0
    ? { mutants, spaces }
    : { mutants, spaces, problem: `no change of the space ${space} applies to the program` }
}

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n')

/** Whether a line says something to the compiler: mutants have no comments inside their bodies. */
function isCode({ stretches }: ChangedLine): boolean {
  return stretches.some(({ kind, text }) => kind !== 'comment' && text.trim() !== '')
}
