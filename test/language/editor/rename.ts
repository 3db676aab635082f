import { createGraph } from '../../../src/ir/build.ts'
import { fingerprint } from '../../../src/ir/fingerprint.ts'
import type { Program } from '../../../src/ir/graph.ts'
import { rebuild, rewriteProgram } from '../../../src/ir/rewrite.ts'
import { createAnalysis, type Analysis } from '../../../src/language/editor/analysis.ts'
import { applyEdits } from '../../../src/language/editor/edits.ts'
import { mentionAt } from '../../../src/language/editor/mentions.ts'
import { renameAt } from '../../../src/language/editor/rename.ts'
import { programOf } from '../../../src/language/refactor/meaning.ts'
import { libraryLoader } from '../../../src/library/sources.ts'
import { standardLibrary } from '../../../src/library/standard-library.ts'
import { createRandom, rootKey } from '../../../src/operators/random.ts'
import { libraryPrograms } from './programs.ts'

/** The program with a hyperparameter under another name. */
function withParameter(program: Program, from: string, to: string): Program {
  const graph = createGraph()
  return {
    ...rewriteProgram(program, (node, arguments_) =>
      node.kind === 'parameter' && node.name === from
        ? graph.parameter(undefined, to, node.declared)
        : rebuild(graph, node, arguments_),
    ),
    hyperparameters: program.hyperparameters.map((each) =>
      each.name === from ? { ...each, name: to } : each,
    ),
  }
}

/** The fingerprints of all that a module declares, where `from` is called `to`. */
function fingerprintsOf(analysis: Analysis, from = '', to = ''): readonly string[] {
  const { checked } = analysis
  return [
    ...checked.lowered.optimizers.map(({ program }) => program),
    ...checked.functions.map((declaration) => programOf(analysis, declaration)),
  ].map((program) => fingerprint(withParameter(program, from, to)))
}

/** What comes of renaming names of the library's programs, to new names and to names they have. */
export function countRenames(rounds: number): {
  readonly same: number
  readonly refused: number
  readonly different: readonly string[]
} {
  const random = createRandom(rootKey(12))
  const outcomes: Outcome[] = []
  for (let round = 0; round < rounds; round++) {
    const analysis = random.pick(libraryPrograms)
    const { mentions, source } = analysis
    const { span } = random.pick(mentions)
    const other = random.pick(mentions).span
    const taken = source.text.slice(other.start, other.end)
    outcomes.push(tryRename(analysis, span.start, random.chance(0.5) ? 'renamed' : taken))
  }
  const count = (wanted: Outcome): number => outcomes.filter((each) => each === wanted).length
  return {
    same: count('same'),
    refused: count('refused'),
    different: outcomes.filter((each) => each.startsWith('different')),
  }
}

/** What came of a renaming: `refused`, or whether everything computes what it did. */
type Outcome = 'refused' | 'same' | `different: ${string}`

/** Renames what stands at an offset of a program, and compares what both compute. */
function tryRename(analysis: Analysis, offset: number, wanted: string): Outcome {
  const mention = mentionAt(analysis.mentions, offset)
  const answer = renameAt(analysis, offset, wanted, {
    loader: libraryLoader,
    modules: () => [analysis],
    library: () => undefined,
    libraryNames: Object.keys(standardLibrary),
  })
  if (answer.kind === 'refused') return 'refused'
  const text = applyEdits(analysis.source.text, answer.value[0]?.edits ?? [])
  const after = createAnalysis({ ...analysis.source, text }, libraryLoader)
  if (!after.checked.valid) return `different: ${after.diagnostics[0]?.message ?? ''}`
  const { entity } = mention!
  const isParameter = entity.kind === 'local' && entity.declaration.kind === 'parameter'
  const from = isParameter ? entity.declaration.name.name : ''
  // One parameter of several of its name has another now: what is compared goes by the declaration.
  const before = fingerprintsOf(analysis)
  const renamed = fingerprintsOf(analysis, from, wanted)
  return fingerprintsOf(after).every((each, index) =>
    [before[index], renamed[index]].includes(each),
  )
    ? 'same'
    : `different: ${text}`
}
