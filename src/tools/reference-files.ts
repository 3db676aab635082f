import { diagramStyle, railroadDiagrams } from '../../grammar/generate/railroad.ts'
import { describedCommands } from '../hosts/cli/command-reference.ts'
import { commands } from '../hosts/cli/command-table.ts'
import { libraryNames } from '../hosts/cli/package.ts'
import { createSources } from '../hosts/cli/sources.ts'
import { contentsPage, referencePages, type ReferencePage } from '../reference/pages.ts'
import { allTopics } from '../reference/topics.ts'
import type { GeneratedFile } from './generated-files.ts'

/** The folder of the reference, from the root of the repository. */
export const REFERENCE = 'docs/reference'

/** The pages of the reference, commands included. */
export function pagesOfReference(): readonly ReferencePage[] {
  return referencePages(
    allTopics({
      names: libraryNames(),
      read: createSources('.').library,
      commands: describedCommands(commands),
    }),
  )
}

/** The reference as files: Markdown, and the diagrams of the grammar. */
export function referenceFiles(): readonly GeneratedFile[] {
  const pages = pagesOfReference()
  const texts = [{ name: 'README', markdown: contentsPage(pages) }, ...pages]
  return [
    ...texts.map(({ name, markdown }) => ({
      path: `${REFERENCE}/${name}.md`,
      text: `<!-- Written by \`npm run generate\` from src/reference and what it explains. -->\n\n${markdown}\n`,
    })),
    ...railroadDiagrams().map(({ name, svg }) => ({
      path: `${REFERENCE}/railroad/${name}.svg`,
      text: `${svg.replace('>\n', `>\n<style>\n${diagramStyle}\n</style>\n<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>\n`)}\n`,
    })),
  ]
}
