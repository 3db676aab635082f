import { describe, expect, test } from 'vitest'
import { applyFix, checkText } from '../check/check-text.ts'
import { beginners } from './beginners.ts'

const rows = Object.entries(beginners)

test('there are files of every origin', () => {
  expect(rows.flatMap(([, files]) => files).length).toBeGreaterThan(150)
})

describe.each(rows)('%s', (_, files) => {
  test.each(files.map((file) => [file.text, file] as const))(
    '%j is one mistake',
    (text, { code, says, write }) => {
      const { diagnostics } = checkText(text)
      expect(diagnostics.map((each) => each.code)).toEqual([code])
      const { message, help, fix, path } = diagnostics[0]!
      expect(path).toBe('main.opt')
      expect([message, help, fix?.title].join('\n')).toContain(says)
      expect(fix !== undefined).toBe(write !== undefined)
      if (write === undefined) return
      const fixed = applyFix(text, diagnostics[0]!)
      expect(fixed).toContain(write)
      expect(checkText(fixed).diagnostics).toEqual([])
    },
  )
})

// Words and signs of other languages that are names here, or stand where they mean something.
test.each([
  'optimizer A(g_t = 0.1, in_t in [0, 1] = 0.5) {\n  update = g_t * in_t * g\n}\n',
  'fn zeros(x) = 2 * x\n\nupdate = lr * zeros(g)\n',
  'fn f(w_t) = 2 * w_t\n\nupdate = lr * f(g)\n',
  'let pass = sign(g)\nlet using = 2\nupdate =\n  lr *\n  pass *\n  using\n',
  'let self = sign(g)\nlet torch = 2\nupdate = lr * self * torch\n',
  'fn pow(a, b) = a^b\n\nupdate = lr * sign(g) * pow(abs(g), 0.5)\n',
  'let loss = sign(g)\nlet axis = 2\nupdate = lr * loss * axis\n',
  'update = lr * g // 2 steps\n',
  'update = lr * clip(g,0,1)\n',
])('%j is no mistake', (text) => {
  expect(checkText(text).diagnostics).toEqual([])
})
