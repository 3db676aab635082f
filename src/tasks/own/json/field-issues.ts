import type { z } from 'zod'
import type { Field } from './located-json.ts'

/** What is wrong with one field. */
export interface FieldIssue {
  readonly path: Field
  readonly message: string
  /** Whether it is about the field's name, not its value. */
  readonly isName: boolean
}

/**
 * What a schema found, a field each: where a value may be one of several things, what is wrong with the one that it resembles most;
 * every field that nobody knows on its own.
 */
export function fieldIssues({ issues }: z.ZodError): readonly FieldIssue[] {
  return issues.flatMap((issue) => flattened(issue, []))
}

function flattened(issue: z.core.$ZodIssue, above: Field): readonly FieldIssue[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'there is no such field',
      isName: true,
    }))
  if (issue.code === 'invalid_union') {
    const resembled = issue.errors.find((branch) => !branch.some(isOfAnotherKind))
    if (resembled !== undefined && resembled.length > 0)
      return resembled.flatMap((inner) => flattened(inner, path))
  }
  return [{ path, message: issue.message, isName: false }]
}

/** Whether a value is not at all what a branch takes: of another type, or marked as something else. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')
}
