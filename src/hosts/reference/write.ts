import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { referenceSite } from '../../reference/site/site.ts'
import { allTopics } from '../../reference/topics.ts'
import { describedCommands } from '../cli/command-reference.ts'
import { commands } from '../cli/command-table.ts'
import { libraryNames } from '../cli/package.ts'
import { createSources } from '../cli/sources.ts'

/**
 * Writes the pages of the reference into a folder, which is emptied first. Without their script and style; with links to the
 * playground where its address is given.
 */
export function writeReference(folder: string, playground?: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const topics = allTopics({
    names: libraryNames(),
    read: createSources('.').library,
    commands: describedCommands(commands),
  })
  for (const [path, text] of referenceSite(topics, playground))
    writeFileSync(join(folder, path), text)
}
