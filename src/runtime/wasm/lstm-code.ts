import { increase, whileFits } from '../../wasm/control.ts'
import { defineFunction, type ExportedFunction } from '../../wasm/function.ts'
import { f32x4, i32, v128 } from '../../wasm/operations.ts'
import { get, sequence, set, type IntegerLocal, type Vector } from '../../wasm/tree.ts'
import { hyperbolicTangent, sigmoid } from './sigmoid-code.ts'
import { VECTOR } from './tile-code.ts'

/**
 * One step of long short-term memory over matrices of 32-bit floats: [batch, units], and [batch, 4 units] of the gates i, f, g and o.
 * `unitBytes`: one row of units, a multiple of 16 bytes.
 */

const one = f32x4.constant(1)

/** y (1 - y): the derivative of y = sigmoid. */
const sigmoidSlope = (y: Vector): Vector => f32x4.mul(y, f32x4.sub(one, y))

/** 1 - y^2: the derivative of y = tanh. */
const tangentSlope = (y: Vector): Vector => f32x4.sub(one, f32x4.mul(y, y))

/** gates = what i, f, g and o of inputs + products become, cells = f before + i g, hidden = o tanh(cells). */
const lstmStep = (): ExportedFunction =>
  defineFunction(
    'lstmStep',
    ['batch', 'unitBytes', 'inputs', 'products', 'before', 'gates', 'cells', 'hidden'],
    (p, scope) => {
      const [row, column] = [scope.local('i32'), scope.local('i32')]
      const [i, f, g, o, c] = [0, 1, 2, 3, 4].map(() => scope.local('v128'))
      const places = scope.locals('i32', 4)
      const opened = (gate: number, shape: (z: Vector) => Vector): Vector =>
        shape(
          f32x4.add(
            v128.load(i32.add(get(p.inputs), get(places[gate]!))),
            v128.load(i32.add(get(p.products), get(places[gate]!))),
          ),
        )
      const gates = [i!, f!, g!, o!]
      const turn = sequence(
        ...gatePlaces(places, column, p.unitBytes),
        ...gates.map((gate, index) =>
          set(gate, opened(index, index === 2 ? hyperbolicTangent : sigmoid)),
        ),
        ...gates.map((gate, index) =>
          v128.store(i32.add(get(p.gates), get(places[index]!)), get(gate)),
        ),
        set(
          c!,
          f32x4.add(
            f32x4.mul(get(f!), v128.load(i32.add(get(p.before), get(column)))),
            f32x4.mul(get(i!), get(g!)),
          ),
        ),
        v128.store(i32.add(get(p.cells), get(column)), get(c!)),
        v128.store(
          i32.add(get(p.hidden), get(column)),
          f32x4.mul(get(o!), hyperbolicTangent(get(c!))),
        ),
      )
      return byRows(
        row,
        column,
        p,
        ['inputs', 'products', 'gates'],
        ['before', 'cells', 'hidden'],
        turn,
      )
    },
  )

/**
 * The way back through a step: `dGates` from the gradients `dy` and `dHidden` of its h, and `dCells` of its c, which becomes that of the c before.
 */
const lstmStepGradient = (): ExportedFunction =>
  defineFunction(
    'lstmStepGradient',
    ['batch', 'unitBytes', 'dy', 'dHidden', 'gates', 'cells', 'before', 'dCells', 'dGates'],
    (p, scope) => {
      const [row, column] = [scope.local('i32'), scope.local('i32')]
      const [i, f, g, o, t, slope, dc] = [0, 1, 2, 3, 4, 5, 6].map(() => scope.local('v128'))
      const places = scope.locals('i32', 4)
      const unit = (matrix: IntegerLocal): Vector => v128.load(i32.add(get(matrix), get(column)))
      const gates = [i!, f!, g!, o!]
      const slopes = [
        f32x4.mul(f32x4.mul(get(dc!), get(g!)), sigmoidSlope(get(i!))),
        f32x4.mul(f32x4.mul(get(dc!), unit(p.before)), sigmoidSlope(get(f!))),
        f32x4.mul(f32x4.mul(get(dc!), get(i!)), tangentSlope(get(g!))),
        f32x4.mul(f32x4.mul(get(slope!), get(t!)), sigmoidSlope(get(o!))),
      ]
      const turn = sequence(
        ...gatePlaces(places, column, p.unitBytes),
        ...gates.map((gate, index) =>
          set(gate, v128.load(i32.add(get(p.gates), get(places[index]!)))),
        ),
        set(t!, hyperbolicTangent(unit(p.cells))),
        set(slope!, f32x4.add(unit(p.dy), unit(p.dHidden))),
        set(
          dc!,
          f32x4.add(
            unit(p.dCells),
            f32x4.mul(f32x4.mul(get(slope!), get(o!)), tangentSlope(get(t!))),
          ),
        ),
        ...slopes.map((value, index) =>
          v128.store(i32.add(get(p.dGates), get(places[index]!)), value),
        ),
        v128.store(i32.add(get(p.dCells), get(column)), f32x4.mul(get(dc!), get(f!))),
      )
      const units = ['dy', 'dHidden', 'cells', 'before', 'dCells'] as const
      return byRows(row, column, p, ['gates', 'dGates'], units, turn)
    },
  )

/** Where a vector of each gate is in its row. */
const gatePlaces = (
  places: readonly IntegerLocal[],
  column: IntegerLocal,
  unitBytes: IntegerLocal,
) =>
  places.map((place, gate) =>
    set(place, gate === 0 ? get(column) : i32.add(get(places[gate - 1]!), get(unitBytes))),
  )

/** `turn` for each vector of each row; `gates` and `units` are the matrices that go on with the rows. */
function byRows<Names extends string>(
  row: IntegerLocal,
  column: IntegerLocal,
  p: Readonly<Record<Names | 'batch' | 'unitBytes', IntegerLocal>>,
  gates: readonly Names[],
  units: readonly Names[],
  turn: ReturnType<typeof sequence>,
) {
  return sequence(
    set(row, i32.constant(0)),
    whileFits(
      row,
      1,
      get(p.batch),
      sequence(
        set(column, i32.constant(0)),
        whileFits(column, VECTOR, get(p.unitBytes), turn),
        ...gates.map((name) => increase(p[name], i32.mul(get(p.unitBytes), i32.constant(4)))),
        ...units.map((name) => increase(p[name], get(p.unitBytes))),
      ),
    ),
  )
}

/** The functions of this file. */
export const lstmCode = (): ExportedFunction[] => [lstmStep(), lstmStepGradient()]

/** Names of {@link lstmCode}. */
export type LstmFunction = 'lstmStep' | 'lstmStepGradient'
