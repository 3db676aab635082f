import { configDefaults, defineConfig } from 'vitest/config'

/** Tests that take long run beside the others, with `npm run test:slow`. */
const SLOW = 'test/**/*.slow.test.ts'
/** Tests that replace modules need modules of their own; all others share what is loaded, which takes half the time. */
const MOCKED = 'test/**/*.mocked.test.ts'
const isSlow = process.env['SLOW'] === '1'
/** Files that are left out, as patterns with commas between: what `--exclude` says does not reach projects. */
const EXCEPT = (process.env['EXCEPT'] ?? '').split(',').filter((pattern) => pattern !== '')

const project = (name: string, include: string, exclude: string[], isolate: boolean) => ({
  extends: true as const,
  test: {
    name,
    include: [include],
    exclude: [...configDefaults.exclude, ...EXCEPT, ...exclude],
    isolate,
  },
})

export default defineConfig({
  test: {
    // Software that stands for a graphics card has time of its own.
    testTimeout: isSlow ? 240_000 : 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Rewrites golden files instead of comparing with them.
    update: process.env['UPDATE'] === '1',
    projects: isSlow
      ? [project('slow', SLOW, [], true)]
      : [
          project('shared', 'test/**/*.test.ts', [SLOW, MOCKED], false),
          project('mocked', MOCKED, [], true),
        ],
  },
})
