import { test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { syntheticRun } from './synthetic-run.ts'
import { readRun } from '../../src/report/run.ts'
import { renderReport } from '../../src/report/report.ts'
import { loader } from '../stdlib/library.ts'
import { writeEntry } from '../../src/evolve/journal.ts'
test('x', async () => {
  const e = syntheticRun()
  writeFileSync('/tmp/rs/journal.jsonl', e.map(writeEntry).join(''))
  const t = performance.now()
  writeFileSync(
    '/tmp/rs/report.html',
    await renderReport(readRun(e)!, {
      loader,
      filters: [
        {
          name: 'both-signs',
          failuresRemoved: { count: 12, share: 0.4 },
          goodLost: { count: 1, share: 0.02 },
          evaluationsSaved: { count: 14, share: 0.1 },
        },
      ],
    }),
  )
  console.log(performance.now() - t)
})
