import { describe, expect, test } from 'vitest'
import type { Entry, JournalFitness } from '../../src/evolve/journal.ts'
import { leadOf, report, SMALL } from './page.ts'
import { syntheticRun } from './synthetic-run.ts'

describe('what was found is no more than the intervals say', () => {
  const accuracies = (values: readonly number[], seed = 1): JournalFitness[] =>
    values.map((testMetric, index) => ({
      surrogate: 'last',
      score: testMetric,
      testMetric,
      learningRate: 0.1,
      seed: seed + index,
      steps: 10,
    }))
  const finding = async (
    found: readonly JournalFitness[],
    adam: readonly JournalFitness[],
  ): Promise<string> => {
    const whole = syntheticRun(SMALL).map((entry): Entry => {
      if (entry.kind !== 'final') return entry
      // A choice that nothing could have changed, so that the intervals are Student's.
      return { ...entry, rivals: [], runs: [...(entry.name === 'adam' ? adam : found)] }
    })
    return leadOf(await report(whole))
  }

  test('better', async () => {
    const text = await finding(accuracies([0.9, 0.91, 0.92]), accuracies([0.8, 0.81, 0.83]))
    expect(text).toContain('91.00 ± 2.48 % on 3 fresh seeds, tuned adam 81.33 ± 3.79 %')
    // Differences 0.10, 0.10, 0.09: standard deviation 0.00577, Student's t 4.303 for 2 degrees of freedom.
    expect(text).toContain('+9.67 ± 1.43 points')
    expect(text).toContain('it is better than adam here')
  })

  test('worse', async () => {
    const text = await finding(accuracies([0.8, 0.81, 0.83]), accuracies([0.9, 0.91, 0.92]))
    expect(text).toContain('−9.67 ± 1.43 points')
    expect(text).toContain('adam is better here')
  })

  test('not shown', async () => {
    const text = await finding(accuracies([0.8, 0.9, 0.85]), accuracies([0.85, 0.84, 0.83]))
    expect(text).toContain('does not show that either is better')
  })

  test('other seeds cannot be paired, and one pair has no interval', async () => {
    const text = 'too few common seeds to say whether they differ'
    expect(await finding(accuracies([0.9, 0.9]), accuracies([0.8, 0.8], 50))).toContain(text)
    expect(await finding(accuracies([0.9]), accuracies([0.8]))).toContain(text)
  })

  test('every run failed', async () => {
    const failed: JournalFitness = { surrogate: 'last', seed: 1, steps: 3, failure: 'diverged' }
    expect(await finding([failed], accuracies([0.8]))).toContain('failed on every fresh seed')
  })

  test('a run that was ended early counts with the accuracy that it had', async () => {
    const early = accuracies([0.9, 0.91, 0.92]).map(({ score: _, ...run }) => ({
      ...run,
      failure: 'the training accuracy was below 0.4 after epoch 5',
    }))
    const text = await finding(early, accuracies([0.8, 0.81, 0.83]))
    expect(text).toContain('91.00 ± 2.48 % on 3 fresh seeds, tuned adam')
    expect(text).toContain('it is better than adam here')
  })

  const diverged = (seed: number): JournalFitness => ({
    surrogate: 'last',
    seed,
    steps: 3,
    learningRate: 0.1,
    failure: 'the loss diverged',
  })

  test('a rule of which a run failed is never the better one', async () => {
    const good = accuracies([0.9, 0.91, 0.92])
    const text = await finding([...good, diverged(4)], accuracies([0.8, 0.81, 0.83, 0.8]))
    expect(text).toContain('best-1, failed on 1 of 4 fresh seeds; tuned adam reached 81.00 ± ')
    expect(text).toContain('no mean to compare')
    expect(text).not.toContain('better than adam')
    expect(text).not.toContain('91.00')
    const worse = await finding(
      [...accuracies([0.8, 0.81, 0.83]), diverged(4)],
      [...good, ...accuracies([0.9], 4)],
    )
    expect(worse).toContain('no mean to compare')
  })

  test('nor is a baseline of which a run failed', async () => {
    const text = await finding(accuracies([0.8, 0.81, 0.83, 0.8]), [
      ...accuracies([0.9, 0.91, 0.92]),
      diverged(4),
    ])
    expect(text).toContain('tuned adam failed on 1 of 4 fresh seeds.')
    expect(text).not.toContain('91.00')
    expect(text).not.toContain('is better here')
  })

  test('no learning rate was found', async () => {
    expect(await finding([], accuracies([0.8]))).toContain('could not be tuned')
  })
})
