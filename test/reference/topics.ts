import { commands } from '../../src/hosts/cli/command-table.ts'
import { describedCommands } from '../../src/hosts/cli/command-reference.ts'
import { libraryNames } from '../../src/hosts/cli/package.ts'
import { createSources } from '../../src/hosts/cli/sources.ts'
import { allTopics } from '../../src/reference/topics.ts'

/** Everything that the reference explains. */
export const topics = allTopics({
  names: libraryNames(),
  read: createSources('.').library,
  commands: describedCommands(commands),
})

/** The page of each, made once. */
export const pages = topics.map(({ group, name, page }) => ({ group, name, markdown: page() }))
