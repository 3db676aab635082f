import { test } from 'vitest'
import { describeModule } from '../../src/emit/ts/module.ts'
import { printScript } from '../../src/emit/ts/text/script.ts'
import { library } from '../stdlib/library.ts'
import { writeFileSync } from 'node:fs'
test('p', async () => {
  for (const n of ['adam', 'adafactor', 'muon', 'prodigy', 'opt10', 'soap']) {
    const { programs, functions } = library(n)
    writeFileSync(`/tmp/k/${n}.js`, printScript(describeModule(programs, functions, { runtime: 'import', kernels: true })))
  }
}, 60000)
