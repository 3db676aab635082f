/** What came of importing a package that may not be installed. */
export type OptionalPackage =
  | { readonly kind: 'loaded'; readonly module: unknown }
  | { readonly kind: 'absent' }
  /** It is there and throws; `reason` is the first line of its error. */
  | { readonly kind: 'broken'; readonly reason: string }

/** Imports a package that may not be installed, or be installed without its native library. */
export async function importOptional(name: string): Promise<OptionalPackage> {
  try {
    return { kind: 'loaded', module: (await import(name)) as unknown }
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
    const isAbsent = message.includes(`'${name}'`) && message.startsWith('Cannot find')
    return isAbsent ? { kind: 'absent' } : { kind: 'broken', reason: message }
  }
}

/** Why it cannot be used, for a person. */
export function absenceText(
  name: string,
  found: Exclude<OptionalPackage, { kind: 'loaded' }>,
): string {
  return found.kind === 'absent'
    ? `${name} is not installed`
    : `${name} does not load: ${found.reason}`
}
