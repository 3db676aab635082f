import { lex, type Lexed } from '../../../grammar/lex.ts'
import { LineBreak } from '../../../grammar/tokens.ts'
import type { CheckedModule } from '../../check/checked-module.ts'
import { stagesOf, type Stages } from '../../compile.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Source } from '../../diagnostics/source.ts'
import type { LinkedModule } from '../../resolve/link.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type { Module } from '../../syntax/ast.ts'
import type { Parsed } from '../../syntax/parse.ts'
import { mentionsIn, type Mention } from './mentions.ts'

/** A text with everything an editor asks about it. What is not asked for is not worked out. */
export interface Analysis {
  readonly source: Source
  readonly parsed: Parsed
  readonly module: Module
  /** Its tokens, without the ends of lines, and its comments. */
  readonly lexed: Lexed
  readonly resolved: ResolvedModule
  readonly checked: CheckedModule
  /** What is wrong with this file, in the order of the text; of files it imports only that they have errors. */
  readonly diagnostics: readonly Diagnostic[]
  /** Every written name that means something, in the order of the text. */
  readonly mentions: readonly Mention[]
  /** The paths of all files it imports, directly or through others. */
  readonly dependencies: ReadonlySet<string>
}

/** The analysis of a text; any text has one. */
export function createAnalysis(source: Source, loader: ModuleLoader): Analysis {
  let begun: Stages | undefined
  const stages = (): Stages => (begun ??= stagesOf(source, loader))
  let lexed: Lexed | undefined
  let mentions: readonly Mention[] | undefined
  let dependencies: ReadonlySet<string> | undefined
  return {
    source,
    get parsed() {
      return stages().parsed
    },
    get module() {
      return stages().parsed.value
    },
    get lexed() {
      return (lexed ??= withoutLineBreaks(lex(source.text)))
    },
    get resolved() {
      return stages().linked().resolved
    },
    get checked() {
      return stages().checked().value
    },
    get diagnostics() {
      return stages()
        .checked()
        .diagnostics.filter(({ path }) => path === source.path)
    },
    get mentions() {
      return (mentions ??= mentionsIn(stages().linked().resolved))
    },
    get dependencies() {
      return (dependencies ??= pathsOf(stages().linked()))
    },
  }
}

function withoutLineBreaks({ tokens, comments }: Lexed): Lexed {
  return { tokens: tokens.filter(({ tokenType }) => tokenType !== LineBreak), comments }
}

function pathsOf(linked: LinkedModule): ReadonlySet<string> {
  const paths = new Set<string>()
  const look = ({ dependencies }: LinkedModule): void => {
    for (const each of dependencies) {
      const { path } = each.resolved.module
      if (paths.has(path)) continue
      paths.add(path)
      look(each)
    }
  }
  look(linked)
  return paths
}
