import type { Span } from '../diagnostics/source.ts'

/** Lines of a documentation comment, without the slashes and one following blank. */
export type Documentation = readonly string[]

interface Spanned {
  readonly span: Span
}

/** A written name. */
export interface Identifier extends Spanned {
  readonly kind: 'identifier'
  readonly name: string
}

/** A file. Statements at the top make it an optimizer named after the file (`documentation` is then the optimizer's). */
export interface Module extends Spanned {
  readonly kind: 'module'
  readonly path: string
  readonly documentation: Documentation
  readonly items: readonly Item[]
}

export type Item = Import | Declaration | Statement

export interface Import extends Spanned {
  readonly kind: 'import'
  readonly names: readonly ImportName[]
  readonly from: StringLiteral
}

/** `name` or `name as alias`. */
export interface ImportName extends Spanned {
  readonly kind: 'import-name'
  readonly name: Identifier
  readonly alias: Identifier | undefined
}

/** A quoted text; `value` without the quotes. */
export interface StringLiteral extends Spanned {
  readonly kind: 'string'
  readonly value: string
}

export type Declaration = OptimizerDeclaration | FunctionDeclaration | SpaceDeclaration

export interface OptimizerDeclaration extends Spanned {
  readonly kind: 'optimizer'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly parameters: readonly Parameter[]
  readonly body: Block
}

/** What a function promises: a schedule is a number per step, a decay a schedule within [0, 1]. */
export type FunctionRole = 'fn' | 'schedule' | 'decay'

export interface FunctionDeclaration extends Spanned {
  readonly kind: 'function'
  readonly role: FunctionRole
  readonly documentation: Documentation
  readonly name: Identifier
  readonly parameters: readonly Parameter[]
  /** Where the parentheses around the parameters stand. */
  readonly parentheses: Span
  /** `= expression` or `{ statements; return expression }`. */
  readonly body: Expression | Block
}

/** `space name { ... }`: what a search may build rules from; its entries are read by the search, not by the checker. */
export interface SpaceDeclaration extends Spanned {
  readonly kind: 'space'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly body: SpaceGroup
}

/** `{ entries }`. */
export interface SpaceGroup extends Spanned {
  readonly kind: 'space-group'
  readonly entries: readonly SpaceEntry[]
}

/** `name = value`, `name = [a, b : 0.2, c]` or `name { ... }`. */
export interface SpaceEntry extends Spanned {
  readonly kind: 'space-entry'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly value: Expression | SpaceList | SpaceGroup
}

export interface SpaceList extends Spanned {
  readonly kind: 'space-list'
  readonly choices: readonly SpaceChoice[]
}

/** One thing to choose, with the probability of it where one is written after a colon. */
export interface SpaceChoice extends Spanned {
  readonly kind: 'space-choice'
  readonly value: Expression
  readonly weight: Expression | undefined
}

/** `name in [low, high) = default`. */
export interface Parameter extends Spanned {
  readonly kind: 'parameter'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly range: Range | undefined
  readonly default: Expression | undefined
}

/** An interval as written; an end is a number, `inf`, `-inf` or a constant expression. */
export interface Range extends Spanned {
  readonly kind: 'range'
  readonly low: Expression
  readonly high: Expression
  readonly lowOpen: boolean
  readonly highOpen: boolean
}

export interface Block extends Spanned {
  readonly kind: 'block'
  readonly statements: readonly Statement[]
}

export type Statement = Let | State | Assign | If | Return

export interface Let extends Spanned {
  readonly kind: 'let'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly value: Expression
}

export interface State extends Spanned {
  readonly kind: 'state'
  readonly documentation: Documentation
  readonly name: Identifier
  readonly value: Expression
}

/** `name = value`; the update is the assignment to the name `update`, what is evaluated that to `evaluate`. */
export interface Assign extends Spanned {
  readonly kind: 'assign'
  readonly documentation: Documentation
  readonly target: Identifier
  readonly value: Expression
}

export interface If extends Spanned {
  readonly kind: 'if'
  readonly condition: Expression
  readonly then: Block
  readonly otherwise: Block | If | undefined
}

export interface Return extends Spanned {
  readonly kind: 'return'
  readonly value: Expression
}

export type Expression = NumberLiteral | Name | Unary | Binary | Call | Missing

/** A number; `text` as written, with its underscores. */
export interface NumberLiteral extends Spanned {
  readonly kind: 'number'
  readonly value: number
  readonly text: string
}

/** A use of a name. */
export interface Name extends Spanned {
  readonly kind: 'name'
  readonly name: string
}

/** A prefix operator, by the name of its row in the operator table (`neg`). */
export interface Unary extends Spanned {
  readonly kind: 'unary'
  readonly operator: string
  readonly operand: Expression
}

/** An infix operator, by the name of its row in the operator table (`add`, `less`). */
export interface Binary extends Spanned {
  readonly kind: 'binary'
  readonly operator: string
  readonly left: Expression
  readonly right: Expression
}

export interface Call extends Spanned {
  readonly kind: 'call'
  readonly callee: Identifier
  readonly arguments: readonly Argument[]
}

/** `value` or `name = value`. */
export interface Argument extends Spanned {
  readonly kind: 'argument'
  readonly name: Identifier | undefined
  readonly value: Expression
}

/** Where an expression should stand and none could be read; the parser has reported it. */
export interface Missing extends Spanned {
  readonly kind: 'missing'
}

export type Node =
  | Identifier
  | Module
  | Import
  | ImportName
  | StringLiteral
  | OptimizerDeclaration
  | FunctionDeclaration
  | SpaceDeclaration
  | SpaceGroup
  | SpaceEntry
  | SpaceList
  | SpaceChoice
  | Parameter
  | Range
  | Block
  | Statement
  | Expression
  | Argument

export type NodeKind = Node['kind']
