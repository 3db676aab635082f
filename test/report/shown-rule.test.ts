import { expect, test } from 'vitest'
import { showRule } from '../../src/report/shown-rule.ts'
import { article } from '../../src/report/sections/best-rules.ts'
import { loader } from '../stdlib/library.ts'

const share = (name: string) => ({ name, isShare: true, of: () => undefined })

test.each([
  ['wasm', 'ts', 'TypeScript', /class<\/span> Best1 <span class="keyword">extends/],
  ['pytorch-cuda', 'py', 'PyTorch', /class<\/span> Best1\(Rule\):/],
])(
  'a rule that %s trained is shown with a module of it',
  async (backend, extension, title, code) => {
    const found = {
      ...{ name: 'best-1', rule: 'optimizer Candidate { update = 0.1 * g }\n', flipped: false },
      ...{ slot: 'particle/1/1/1', score: 0.5, freshSeeds: 0, seeds: 0 },
      ...{ learningRate: undefined, surrogate: undefined, result: undefined },
    }
    const from = {
      task: 'mine',
      protocol: undefined,
      given: [],
      score: share('a'),
      test: share('b'),
    }
    const rule = await showRule(found, { ...from, backend, loader })
    expect(rule.emitted?.extension).toBe(extension)
    const page = article(rule, { score: from.score, colorOf: () => 0 })
    expect(page).toContain(`<summary>${title}</summary>`)
    expect(page).toMatch(code)
  },
)
