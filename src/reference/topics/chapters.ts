import { chapterTexts } from '../chapter-texts.ts'
import { readBlocks } from '../markdown/blocks.ts'
import type { Topic } from '../topic.ts'

/** A chapter of the reference. */
export interface Chapter {
  readonly name: string
  readonly title: string
  /** Its first paragraph. */
  readonly summary: string
  /** Markdown, with its title. */
  readonly text: string
}

/** What is asked for and answered by a chapter: what is no name of the language by itself. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  programs: ['program', 'comments', 'file', 'names'],
  expressions: ['expression', 'precedence', 'operators'],
  types: ['type', 'known', 'extent', 'interval', 'intervals'],
  steps: ['order', 'statements'],
  states: [],
  functions: ['function', 'prelude', 'std'],
  schedules: ['decays'],
  conditions: ['condition'],
  axes: ['axis', 'dim', 'per-output', 'per-input'],
  matrices: ['matrix'],
  globals: ['global', 'totals'],
  randomness: ['random', 'noise'],
  evaluation: ['evaluationWeights', 'withEvaluationWeights'],
  placement: ['run', 'parameter', 'element'],
  numbers: ['nan', 'floats', 'tolerance', 'accuracy'],
  groups: ['hyperparameters', 'match', 'onNonFinite', 'accumulate', 'unmatched', 'notHidden'],
  limits: [],
  errors: ['diagnostics', 'warnings', 'codes'],
  searching: ['search', 'evolution'],
}

/** The chapters in the order they are read in. */
export function chapters(
  texts: Readonly<Record<string, string>> = chapterTexts,
): readonly Chapter[] {
  return Object.entries(texts).map(([name, text]) => {
    const [title, summary] = readBlocks(text)
    if (title?.kind !== 'heading' || summary?.kind !== 'paragraph')
      throw new Error(`the chapter ${name} lacks a title or a summary`)
    return { name, title: title.text, summary: summary.lines.join(' '), text }
  })
}

/** A topic for each chapter. */
export function chapterTopics(texts?: Readonly<Record<string, string>>): readonly Topic[] {
  return chapters(texts).map(({ name, summary, text }) => ({
    name,
    also: ALSO[name] ?? [],
    group: 'The language',
    summary: summary.replace(/\.$/, ''),
    // The name stands above it already.
    page: () => text.slice(text.indexOf('\n')).trim(),
  }))
}
