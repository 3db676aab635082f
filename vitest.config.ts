import { configDefaults, defineConfig } from 'vitest/config'

/** Tests that take long run beside the others, with `npm run test:slow`. */
const SLOW = 'test/**/*.slow.test.ts'
const isSlow = process.env['SLOW'] === '1'

export default defineConfig({
  test: {
    include: [isSlow ? SLOW : 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isSlow ? [] : [SLOW])],
    // Software that stands for a graphics card has time of its own.
    testTimeout: isSlow ? 240_000 : 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Rewrites golden files instead of comparing with them.
    update: process.env['UPDATE'] === '1',
  },
})
