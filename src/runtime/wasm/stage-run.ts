import type { StepMemory, KeptTensor } from './step-memory.ts'

/** A matrix of a training step: a row for each image or position, a column for each channel. */
export interface Flow {
  /** Height and width of an image; 1 where there are none. */
  readonly height: number
  readonly width: number
  /** Rows of the matrix: images times positions. */
  readonly rows: number
  readonly columns: number
  /** Bytes from one row to the next: the columns, up to a multiple of four behind dense layers. */
  readonly rowBytes: number
  /** The address of its values, and of the loss's gradient with respect to them; 0 where that is not wanted. */
  readonly values: number
  readonly slopes: number
}

/** A stage with its memory. */
export interface StageRun {
  readonly output: Flow
  /** Its gradients, in the order of its variables. */
  readonly gradients: readonly KeptTensor[]
  /** Works out the values of the output. */
  readonly forward: (step: number) => void
  /** Works out the gradients, and the slopes of the input where they are wanted, from the slopes of the output. */
  readonly backward: () => void
}

/** What stages are made of. */
export interface StageSetting {
  readonly memory: StepMemory
  readonly batch: number
  readonly input: Flow
}

export const FLOAT = 4

/** The bytes of a row of `columns` floats, up to a multiple of four. */
export const paddedBytes = (columns: number): number => FLOAT * 4 * Math.ceil(columns / 4)

/** Memory for a matrix with rows of `rowBytes`; for its slopes too where the network wants them. */
export function makeFlow(
  { floats }: StepMemory,
  shape: Pick<Flow, 'height' | 'width' | 'rows' | 'columns' | 'rowBytes'>,
): Flow {
  const count = (shape.rows * shape.rowBytes) / FLOAT
  return { ...shape, values: floats(count), slopes: floats(count) }
}
