import type { ScheduleFunction } from '../../../src/ir/graph.ts'
import { evaluateFunction } from '../../../src/ir/schedule.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { valuesOf, type Comparison } from './comparison.ts'

const T = 10
const AT = [0, 1, 4, 9, 10, 15]
const TOLERANCE = 1e-12

/** The schedules and decays of the library, in 64 bits. */
export const functionComparisons: readonly Comparison[] = libraryFiles
  .map((name) => ({ name, functions: library(name).functions }))
  .filter(({ functions }) => functions.length > 0)
  .map(({ name, functions }) => ({
    title: `schedules and decays of std/${name}`,
    prepare: async (framework, folder, called) => {
      const { path } = await framework.write({ programs: [], functions }, folder, called)
      const calls = functions.map((each) => [each.name, AT.map((t) => [t, T, ...required(each)])])
      return {
        questions: [{ path, functions: Object.fromEntries(calls) as Record<string, number[][]> }],
        faults: ([answer]) => {
          const values = valuesOf(answer!)
          return functions.flatMap((callee) =>
            AT.flatMap((t, index) => {
              const wanted = evaluateFunction(callee, required(callee), t, T)
              const actual = values[callee.name]![index]!
              const isNear = Math.abs(actual / wanted - 1) < TOLERANCE
              return Object.is(wanted, actual) || isNear
                ? []
                : [`${callee.name}(${t}) is ${actual} instead of ${wanted}`]
            }),
          )
        },
      }
    },
  }))

/** Values for the parameters that have to be given. */
const required = ({ parameters }: ScheduleFunction): readonly number[] =>
  parameters.every((each) => each.default === undefined) ? parameters.map(() => 0.5) : []
