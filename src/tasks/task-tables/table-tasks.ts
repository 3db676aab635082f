import { perceptron } from '../networks/networks.ts'
import type { Task, TensorTask } from '../open-task.ts'
import { findTableData } from '../table-data.ts'
import { tableTask } from '../table-task.ts'

const penguins = findTableData('penguins')!
const defaults = { steps: 1000, batchSize: 32, evaluateEvery: 100 } as const

/** Tasks on tables that optc carries. */
export const TABLE_TASKS: readonly Task<TensorTask>[] = [
  tableTask(
    {
      name: 'penguins-mass',
      summary: 'the mass of a penguin by species, island, sex and sizes, one hidden layer of 32',
      defaults,
      network: perceptron([32]),
      target: 'body_mass_g',
    },
    penguins,
  ),
  tableTask(
    {
      name: 'penguins-sex',
      summary:
        'whether a penguin is male or female by the same and its mass, one hidden layer of 32',
      defaults,
      network: perceptron([32]),
      target: 'sex',
      classes: 2,
    },
    penguins,
  ),
]
