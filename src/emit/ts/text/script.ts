import type { ClassDescription, Description, ParameterDescription } from './description.ts'

/**
 * The module as a script: the same code without types and comments, its imports asked of `require`, its exports put into
 * `exports`. What the compiler makes of the TypeScript, in a hundredth of the time. Pieces of the prelude are asked of
 * `require` too, as `prelude`.
 */
export function printScript(pieces: readonly Description[]): string {
  // What is asked for stands first: constants of the module call it.
  const asked = pieces.filter(({ kind }) => kind === 'prelude')
  const own = pieces.filter(({ kind }) => kind !== 'prelude')
  return [...asked, ...own]
    .map(printPiece)
    .filter((text) => text !== '')
    .join('\n')
}

function printPiece(piece: Description): string {
  switch (piece.kind) {
    case 'import':
      return `const ${piece.namespace} = require('${piece.from}')`
    case 'named import': {
      const values = piece.names.filter(({ isType }) => !isType).map(({ name }) => name)
      return `const { ${values.join(', ')} } = require('${piece.from}')`
    }
    case 'interface':
      return ''
    case 'text':
      return piece.text
    case 'prelude':
      return piece.isType ? '' : `const { ${piece.name} } = require('prelude')`
    case 'function': {
      const head = `function ${piece.name}`
      const text = `${head}${parameters(piece.parameters)} ${block(piece.body)}`
      return piece.exported ? `${text}\nexports.${piece.name} = ${piece.name}` : text
    }
    case 'class':
      return `${printClass(piece)}\nexports.${piece.name} = ${piece.name}`
  }
}

function printClass({
  name,
  extends: base,
  properties,
  constructor_,
  methods,
}: ClassDescription): string {
  const members = properties.map(
    ({ name: property, initializer, modifiers }) =>
      `${modifiers.includes('static') ? 'static ' : ''}${property}${initializer === undefined ? '' : ` = ${initializer}`};`,
  )
  members.push(`constructor${parameters(constructor_.parameters)} ${block(constructor_.body)}`)
  for (const { name: method, modifiers, parameters: list, body } of methods) {
    members.push(
      `${modifiers.includes('async') ? 'async ' : ''}${method}${parameters(list)} ${block(body)}`,
    )
  }
  return `class ${name} extends ${base} ${block(members)}`
}

function parameters(list: readonly ParameterDescription[]): string {
  return `(${list.map(({ name, initializer }) => (initializer === undefined ? name : `${name} = ${initializer}`)).join(', ')})`
}

function block(lines: readonly string[]): string {
  return `{\n${lines.join('\n')}\n}`
}
