import { productions, type Part } from './productions.ts'

const LEXICAL = `identifier ::= [A-Za-z_] [A-Za-z0-9_]*
number ::= ( digits ( '.' digits )? | '.' digits ) ( [eE] [+-]? digits )?
digits ::= [0-9]+ ( '_' [0-9]+ )*
string ::= '"' [^"#xA#xD]* '"' | "'" [^'#xA#xD]* "'"
comment ::= '//' [^#xA#xD]*
documentation ::= '///' [^#xA#xD]*
newline ::= #xD #xA | #xA | #xD
`

/** The rules of the grammar in the notation of the W3C, without recovery from errors, by their names. */
export function ebnfRules(): ReadonlyMap<string, string> {
  return new Map(productions().map(({ name, part }) => [name, `${name} ::= ${write(part, false)}`]))
}

/** What names, numbers and other tokens are made of. */
export const lexicalRules = LEXICAL.trimEnd()

/** The whole grammar in the notation of the W3C. */
export function ebnf(): string {
  const rules = [...ebnfRules().values()]
  return `/* Made from the productions in grammar/parser.ts by \`npm run generate\`. The precedence of operators is in the operator
   table. \`newline\` counts only between statements: see grammar/layout.ts. */

${rules.join('\n')}

${LEXICAL}`
}

function write(part: Part, nested: boolean): string {
  const wrap = (text: string): string => (nested ? `( ${text} )` : text)
  switch (part.kind) {
    case 'text':
      return part.text.includes("'") ? `"${part.text}"` : `'${part.text}'`
    case 'rule':
    case 'token':
      return part.name
    case 'sequence':
      return wrap(part.parts.map((each) => write(each, true)).join(' '))
    case 'choice':
      return wrap(part.parts.map((each) => write(each, each.kind === 'choice')).join(' | '))
    case 'optional':
      return `${write(part.part, true)}?`
    case 'repeat': {
      const once = write(part.part, true)
      if (part.separator === undefined) return `${once}${part.atLeastOnce ? '+' : '*'}`
      const separator = write(part.separator, true)
      return `( ${once} ( ${separator} ${once} )*${part.trailing ? ` ${separator}?` : ''} )?`
    }
  }
}
