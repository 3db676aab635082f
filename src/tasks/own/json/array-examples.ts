import type { Images } from '../../images.ts'
import { answersAt, examplesOf, type ExampleSets } from '../../examples.ts'
import { describeArray } from '../../formats/byte-reader.ts'
import { elementCount, type NumberArray, type NumericValues } from '../../formats/number-array.ts'
import type { Part } from '../../image-files/image-listing.ts'
import { imageExamples } from '../../image-problem.ts'
import { splitsOf } from '../../image-splits.ts'
import { scalingOf, standardized } from '../../scaling.ts'
import { inMemory, type DataPlace, type ExamplesFor, type PreparedData } from './data-kind.ts'
import { joinedRows } from './joined-rows.ts'
import type { Field } from './located-json.ts'

/** An array of a part, and the field of the file that names it. */
export interface PlacedArray {
  readonly array: NumberArray
  readonly field: Field
  /** How people know it. */
  readonly name: string
}

/** Arrays of examples and of what is told of them, for each part that has its own. */
export interface ArrayParts {
  readonly inputs: ReadonlyMap<Part, PlacedArray>
  readonly targets: ReadonlyMap<Part, PlacedArray>
}

/** What a file says of arrays, whatever they are read from. */
export interface ArrayOptions {
  /** How many classes there are; one more than the largest class when absent. */
  readonly classes?: number
  /** Shape of an example where it is not that of the array. */
  readonly input?: readonly number[]
  /** Whether numbers are scaled to mean 0 and deviation 1 over the training part, by the last axis; true when absent. */
  readonly scale?: boolean
}

/** Most classes: a score is computed for each of them. */
const MOST_CLASSES = 100_000

/** Arrays, their first axes the examples, as data. Images in bytes stay bytes, so that they can be changed at random. */
export function arrayExamples(
  { inputs, targets }: ArrayParts,
  options: ArrayOptions,
  place: DataPlace,
): PreparedData {
  const shape = shapeOf(inputs, targets, options, place)
  const joined = concatenated([...inputs.values()].map(({ array }) => array.values))
  const answers = answersOf(targets, options, place)
  const counts = new Map([...inputs].map(([part, { array }]) => [part, array.shape[0]!] as const))
  const rows = joinedRows(counts, place, answers.classes)
  const told = answers.of(rows)
  const isImage = joined instanceof Uint8Array && isImageShape(shape) && options.scale !== false
  const sets = isImage
    ? imagesFor(joined, shape, rows, told)
    : numbersFor(joined, shape, rows, told, options)
  return {
    ends: { input: shape, outputs: told.outputs },
    examples: isImage ? 'images' : 'examples',
    isChangeable: isImage,
    ...(told.deviation !== undefined && { deviation: told.deviation }),
    open: inMemory(sets),
  }
}

type Rows = Readonly<Record<Part, readonly number[]>>

const isImageShape = (shape: readonly number[]): boolean => shape.length === 3 && shape[2]! <= 4

/** The shape of an example; refuses arrays that do not fit each other. Grey images get their channel. */
function shapeOf(
  inputs: ArrayParts['inputs'],
  targets: ArrayParts['targets'],
  { input }: ArrayOptions,
  { refuse }: DataPlace,
): readonly number[] {
  const first = inputs.get('train')!
  for (const [part, { array, field, name }] of inputs) {
    const { shape, type } = array
    const told = targets.get(part)!
    if (shape.length === 0 || elementCount(shape) === 0)
      refuse(field, `${name} is ${describeArray(type, shape)}, without examples`)
    if (told.array.shape[0] !== shape[0])
      refuse(
        told.field,
        `${told.name} is ${describeArray(told.array.type, told.array.shape)}, and ${name} has ${shape[0]} examples`,
      )
    if (shape.slice(1).join() !== first.array.shape.slice(1).join())
      refuse(
        field,
        `${name} has examples of shape [${shape.slice(1).join(', ')}], those to train on [${first.array.shape.slice(1).join(', ')}]`,
      )
    const wrong = array.values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      refuse(
        field,
        `${name} has ${array.values[wrong]} in example ${Math.floor(wrong / elementCount(shape.slice(1)))}`,
      )
  }
  const own = first.array.shape.slice(1)
  if (input !== undefined) {
    if (elementCount(input) !== elementCount(own))
      refuse(
        ['data', 'input'],
        `[${input.join(', ')}] are ${elementCount(input)} numbers, and an example has ${elementCount(own)}: [${own.join(', ')}]`,
      )
    return input
  }
  if (own.length === 0) return [1]
  return own.length === 2 && first.array.type === 'uint8' ? [...own, 1] : own
}

/** What is told of the rows of each part. */
interface Told {
  readonly outputs: number
  readonly deviation?: number
  readonly of: (part: Part) => ArrayLike<number>
}

/** Classes where they are told, one a row of the training part. */
function answersOf(
  targets: ArrayParts['targets'],
  options: ArrayOptions,
  place: DataPlace,
): { readonly classes?: NumericValues; readonly of: (rows: Rows) => Told } {
  if (place.answers === 'class') return classesOf(targets, options, place)
  const { refuse } = place
  const first = targets.get('train')!
  const width = elementCount(first.array.shape.slice(1))
  for (const { array, field, name } of targets.values()) {
    if (elementCount(array.shape.slice(1)) !== width)
      refuse(
        field,
        `${name} has ${elementCount(array.shape.slice(1))} numbers for an example, not ${width}`,
      )
    const wrong = array.values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      refuse(field, `${name} has ${array.values[wrong]} in example ${Math.floor(wrong / width)}`)
  }
  const joined = concatenated([...targets.values()].map(({ array }) => array.values))
  return {
    of: (rows) => {
      const scaling = scalingOf(gathered(joined, rows.train, width), width)
      const isScaled = options.scale !== false
      const [deviation = 1] = isScaled ? scaling.deviations : []
      return {
        outputs: width,
        ...(width === 1 && { deviation }),
        of: (part) => {
          const own = gathered(joined, rows[part], width)
          return isScaled ? standardized(own, scaling) : own
        },
      }
    },
  }
}

function classesOf(
  targets: ArrayParts['targets'],
  { classes }: ArrayOptions,
  { refuse }: DataPlace,
): { readonly classes: NumericValues; readonly of: (rows: Rows) => Told } {
  const most = classes ?? MOST_CLASSES
  for (const { array, field, name } of targets.values()) {
    if (elementCount(array.shape.slice(1)) !== 1)
      refuse(
        field,
        `${name} is ${describeArray(array.type, array.shape)}; expected one class for an example, or the objective "regression"`,
      )
    const wrong = array.values.findIndex(
      (value) => !Number.isInteger(value) || value < 0 || value >= most,
    )
    if (wrong >= 0)
      refuse(
        field,
        `${name} has ${array.values[wrong]} for example ${wrong}; expected classes from 0 to ${most - 1}`,
      )
  }
  const joined = concatenated([...targets.values()].map(({ array }) => array.values))
  let largest = 0
  for (const label of joined) largest = Math.max(largest, label)
  const outputs = classes ?? largest + 1
  if (outputs < 2) refuse(targets.get('train')!.field, 'all examples are of class 0')
  return {
    classes: targets.get('train')!.array.values,
    of: (rows) => ({ outputs, of: (part) => gathered(joined, rows[part], 1) }),
  }
}

/** Arrays of numbers one after the other: as they are where they are of one type. */
function concatenated(arrays: readonly NumericValues[]): NumericValues {
  const [first, ...others] = arrays
  if (first === undefined || others.length === 0) return first ?? new Float32Array()
  const length = arrays.reduce((sum, values) => sum + values.length, 0)
  const isOne = others.every((values) => values.constructor === first.constructor)
  const joined = isOne
    ? new (first.constructor as new (length: number) => NumericValues)(length)
    : new Float64Array(length)
  let start = 0
  for (const values of arrays) {
    joined.set(values, start)
    start += values.length
  }
  return joined
}

/** The rows of `size` numbers with the given numbers. */
function gathered<Values extends NumericValues>(
  values: Values,
  rows: readonly number[],
  size: number,
): Values {
  const result = new (values.constructor as new (length: number) => Values)(rows.length * size)
  for (const [position, row] of rows.entries())
    result.set(values.subarray(row * size, (row + 1) * size), position * size)
  return result
}

function numbersFor(
  values: NumericValues,
  shape: readonly number[],
  rows: Rows,
  told: Told,
  { scale = true }: ArrayOptions,
): ExamplesFor {
  const size = elementCount(shape)
  const scaling = scalingOf(gathered(values, rows.train, size), shape.at(-1)!)
  const partOf = (part: Part) => {
    const own = gathered(values, rows[part], size)
    return examplesOf(
      scale ? standardized(own, scaling) : Float32Array.from(own),
      shape,
      told.of(part),
    )
  }
  const sets: ExampleSets = {
    ...{ input: shape, outputs: told.outputs },
    ...{ train: partOf('train'), validation: partOf('validation'), test: partOf('test') },
  }
  return () => sets
}

function imagesFor(
  pixels: Uint8Array,
  [height = 0, width = 0, channels = 0]: readonly number[],
  rows: Rows,
  told: Told,
): ExamplesFor {
  const partOf = (part: Part): Images => ({
    ...{ count: rows[part].length, height, width, channels },
    pixels: gathered(pixels, rows[part], height * width * channels),
    // What is told is put in their place.
    labels: new Uint8Array(),
  })
  const images = splitsOf({
    ...{ train: partOf('train'), validation: partOf('validation'), test: partOf('test') },
    classes: told.outputs,
  })
  return (options) => withAnswers(imageExamples(images, options), told)
}

function withAnswers({ train, validation, test, input }: ExampleSets, told: Told): ExampleSets {
  const answers = (part: Part, count: number) => answersAt(told.of(part), count)
  return {
    ...{ input, outputs: told.outputs },
    train: { ...train, answers: answers('train', train.count) },
    validation: { ...validation, answers: answers('validation', validation.count) },
    test: { ...test, answers: answers('test', test.count) },
  }
}
