/** A function, class or constant that modules in Python carry as it is. */
export interface PythonPiece {
  readonly text: string
  /** The other pieces that it uses. */
  readonly uses: readonly string[]
  /** The statements that import what it uses, each of one name. */
  readonly imports: readonly string[]
}
