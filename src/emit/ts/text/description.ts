/** A name with a type; `documentation` becomes a comment before it. */
export interface MemberDescription {
  readonly name: string
  readonly type: string
  readonly documentation?: string
  readonly optional?: true
}

/** Bodies are statements without types, so that they are JavaScript as well. */
export interface FunctionDescription {
  readonly kind: 'function'
  readonly name: string
  readonly documentation: string
  readonly exported: boolean
  readonly parameters: readonly ParameterDescription[]
  readonly returns: string
  readonly body: readonly string[]
}

export interface ParameterDescription {
  readonly name: string
  readonly type?: string
  readonly initializer?: string
  /** Whether it may be left out; for one without an initializer. */
  readonly isOptional?: boolean
}

export interface MethodDescription {
  readonly name: string
  readonly typeParameters?: readonly string[]
  readonly documentation?: string
  readonly parameters: readonly ParameterDescription[]
  readonly returns: string
  readonly body: readonly string[]
  readonly modifiers: readonly ('override' | 'private' | 'async')[]
}

export interface PropertyDescription {
  readonly name: string
  readonly type?: string
  readonly initializer?: string
  readonly modifiers: readonly ('private' | 'readonly' | 'static' | 'override')[]
}

export interface ClassDescription {
  readonly kind: 'class'
  readonly name: string
  readonly documentation: string
  readonly extends: string
  readonly properties: readonly PropertyDescription[]
  readonly constructor_: {
    readonly parameters: readonly ParameterDescription[]
    readonly body: readonly string[]
  }
  readonly methods: readonly MethodDescription[]
}

export interface InterfaceDescription {
  readonly kind: 'interface'
  readonly name: string
  readonly documentation: string
  readonly extends: string
  readonly members: readonly MemberDescription[]
}

/** A top-level piece of a module. `text` is a statement without types, `prelude` a piece of the prelude as it is. */
export type Description =
  | { readonly kind: 'import'; readonly namespace: string; readonly from: string }
  | {
      readonly kind: 'named import'
      readonly names: readonly { readonly name: string; readonly isType: boolean }[]
      readonly from: string
    }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'prelude'
      readonly name: string
      readonly text: string
      readonly isType: boolean
    }
  | InterfaceDescription
  | FunctionDescription
  | ClassDescription
