import { constants } from '../../resolve/builtins.ts'
import type { SpaceGroup } from '../../syntax/ast.ts'
import { readNumber, readProbability, type NumberRange, type Reading } from './entries.ts'
import type { NodeSpace } from './space.ts'
import { readEvenTemplates, readTemplates, type Names } from './templates.ts'
import { familiesOf, NO_VALUES, type Values } from './values.ts'

/** A root needs a hidden node; a curve does without. */
const NODES: NumberRange = {
  text: 'a whole number from 1 to 100',
  holds: (value) => Number.isInteger(value) && value >= 1 && value <= 100,
}
const CURVE_NODES: NumberRange = {
  text: 'a whole number from 0 to 100',
  holds: (value) => Number.isInteger(value) && value <= 100,
}

/** What the parts of a curve can name beside their holes. */
const STEP_NAMES = ['t', 'T', ...constants.keys()]

/** What the parts of an update can name beside their holes. */
export const RULE_NAMES: readonly string[] = ['g', 'w', 'lr', 'warmup', 'hold', ...STEP_NAMES]

/** What update equations are drawn from. */
export function readRuleSpace(reading: Reading, group: SpaceGroup, values: Values): NodeSpace {
  return readNodeSpace(reading, group, NODES, { known: RULE_NAMES, values })
}

/** What functions of the step are drawn from: decays, or factors on the learning rate. */
export function readCurveSpace(reading: Reading, group: SpaceGroup): NodeSpace {
  return readNodeSpace(reading, group, CURVE_NODES, { known: STEP_NAMES, values: NO_VALUES })
}

function readNodeSpace(
  reading: Reading,
  group: SpaceGroup,
  range: NumberRange,
  names: Omit<Names, 'parameters'>,
): NodeSpace {
  const operands = readEvenTemplates(reading, group, 'operands', { ...names, parameters: [] })
  return {
    hidden: readNumber(reading, group, 'hidden', range),
    hiddenUnary: readProbability(reading, group, 'hidden_unary'),
    rootUnary: readProbability(reading, group, 'root_unary'),
    reuse: readProbability(reading, group, 'reuse'),
    operands: operands.map(({ expression }) => expression),
    operandFamilies: familiesOf(operands).map((each) => each.map(({ expression }) => expression)),
    unary: readTemplates(reading, group, 'unary', { ...names, parameters: ['x'] }),
    binary: readTemplates(reading, group, 'binary', { ...names, parameters: ['a', 'b'] }),
  }
}
