import * as arithmetic from '../interval-arithmetic.ts'
import { exactly, finite, interval, joinIntervals } from '../interval.ts'
import type { Operator } from '../operator.ts'
import { uniformOf } from '../random.ts'
import { normalQuantile } from '../special/normal-quantile.ts'
import { drawn } from '../type.ts'

/**
 * Operators that draw random numbers: one per element, step, parameter and place in the program. Equal draws share a stream;
 * those without arguments, which nothing but their place tells apart, never do.
 */
export const randomRows = [
  {
    kind: 'random',
    name: 'dropout',
    parameters: [{ name: 'x' }, { name: 'rate', latest: { known: 'step', extent: 'run' } }],
    family: 'random',
    summary:
      '0 with probability `rate`, else the number divided by 1 - rate; equal draws in equal runs.',
    formula: '\\operatorname{dropout}(x, rate)',
    source: 'Srivastava and others, 2014, https://jmlr.org/papers/v15/srivastava14a.html',
    hazards: [
      {
        code: 'division-by-zero',
        argument: 1,
        possible: (_x, rate) => rate!.high > 1 || (rate!.high === 1 && !rate!.highOpen),
      },
    ],
    tolerance: 1,
    draw: uniformOf,
    meaning: (uniform, x, rate) => (uniform >= rate! ? x! / (1 - rate!) : 0),
    placement: drawn,
    interval: (x, rate) =>
      joinIntervals(
        exactly(0),
        arithmetic.divide(
          x!,
          arithmetic.subtract(
            exactly(1),
            arithmetic.clamp(rate!, exactly(0), interval(0, 1, { highOpen: true })),
          ),
        ),
      ),
  },
  {
    kind: 'random',
    name: 'normal',
    parameters: [],
    family: 'random',
    summary:
      'A standard normal number for each element, new on every step; wherever it is written it draws numbers of its own, equal ones in equal runs.',
    formula: '\\operatorname{N}(0, 1)',
    source:
      'Wichura, 1988, Algorithm AS 241, https://doi.org/10.2307/2347330, of the words of Threefry-2x32-20',
    tolerance: 0,
    draw: normalQuantile,
    meaning: (drawn) => drawn,
    placement: drawn,
    interval: () => finite,
  },
] as const satisfies readonly Operator[]
