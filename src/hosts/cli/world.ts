/** Where text goes: a terminal, a file or a test. */
export interface TextStream {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Width of the terminal, more than 0; undefined when there is none, or it does not know. */
  readonly columns: number | undefined
  /** Height of the terminal, where it is known. */
  readonly rows?: number | undefined
}

/** The world as the command line sees it, apart from the file system. */
export interface World {
  /** Absolute path of the current folder. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** All of standard input. */
  readonly readStdin: () => Promise<Uint8Array>
  readonly stdout: TextStream
  readonly stderr: TextStream
  /** Aborted when the person wants the command to end, or nobody reads its output any more. */
  readonly signal: AbortSignal
  /** Milliseconds since some moment. */
  readonly now: () => number
}
