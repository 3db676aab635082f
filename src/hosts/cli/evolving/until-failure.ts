/** Does work and gives its result. */
export type Guard = <T>(work: () => T) => T

/**
 * Does work until some throws, then throws that same error instead of doing any more: what is written after something that
 * could not be written would leave a gap.
 */
export function untilFailure(): Guard {
  let failed: { readonly error: unknown } | undefined
  return (work) => {
    if (failed !== undefined) throw failed.error
    try {
      return work()
    } catch (error) {
      failed = { error }
      throw error
    }
  }
}
