import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compareSteps } from '../../src/hosts/cli/comparing/against-framework.ts'
import {
  FRAMEWORKS,
  frameworkNames,
  saidOfFramework,
} from '../../src/hosts/cli/comparing/said-of-framework.ts'
import { hasModules } from '../emit/pytorch/python.ts'
import { library, optimizerNames } from '../stdlib/library.ts'

const PYTHON = process.env['OPTC_PYTHON'] ?? 'python3'
const MODULES = { pytorch: ['torch'], optax: ['jax', 'optax'], keras: ['keras'] } as const

const NAMES = {
  pytorch: 'import torch; print(*dir(torch.optim))',
  optax: 'import optax; print(*dir(optax), *dir(optax.contrib))',
  keras: 'import keras; print(*dir(keras.optimizers))',
} as const

/** A name without what tells `ScheduleFreeAdamW` from `schedule_free_adamw`. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase()

/** What is true of learning rates, weights and states only in part: defaults differ where these are no arguments, or it is said how. */
const SAME = /: the same( numbers)?(\.| where|,)/

describe.each(frameworkNames)("rules beside %s's own", (framework) => {
  const isThere = hasModules(...MODULES[framework])
  const rules = optimizerNames.flatMap((name) => {
    const program = library(name).programs[0]!
    const said = saidOfFramework(program.documentation, framework)
    return said?.optimizer === undefined ? [] : [{ name, program, said }]
  })

  it.skipIf(!isThere)('has none that the library says nothing of', () => {
    const own = execFileSync(PYTHON, ['-c', NAMES[framework]], { encoding: 'utf8' })
    const names = new Set(own.trim().split(/\s+/).map(plain))
    const alike = optimizerNames.filter((name) => names.has(plain(name)))
    expect(alike.length).toBeGreaterThan(8)
    const { title } = FRAMEWORKS[framework]
    const isSaid = (name: string): boolean => {
      const said = library(name).programs[0]!.documentation.join(' ')
      return said.includes(title) && !new RegExp(`${title}( and \\w+)? ha(s|ve) none`).test(said)
    }
    expect(alike.filter((name) => !isSaid(name))).toEqual([])
  })

  it.skipIf(!isThere).each(rules)('$name', ({ program, said }) => {
    const compared = compareSteps(program, framework, said.optimizer!, PYTHON)
    if (typeof compared === 'string') throw new Error(compared)
    expect(compared.steps).toHaveLength(5)
    for (const { distance } of compared.steps) {
      expect(distance).not.toBeNaN()
      if (SAME.test(said.text)) expect(distance).toBeLessThan(1e-5)
    }
  })
})
