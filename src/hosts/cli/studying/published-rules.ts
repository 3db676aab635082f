import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPublishedLog, type LoggedRule } from '../../../study/published-log.ts'
import { packageRoot } from '../../../tasks/package-root.ts'
import { orFail } from '../sources.ts'

/** The published log, which optc carries. Throws a failure when it cannot be read. */
export function publishedRules(): readonly LoggedRule[] {
  const path = join(packageRoot(), 'src/study/data/published-rules.tsv')
  return readPublishedLog(orFail(`cannot read ${path}`, () => readFileSync(path, 'utf8')))
}
