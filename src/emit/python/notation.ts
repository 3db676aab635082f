import type { Notation } from '../code.ts'

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const
const COMPARISON = 6

/** The operators of Python, as far as emitted code has them. A comparison beside another would be a chain of both. */
export const python: Notation = {
  binary: {
    or: 3,
    and: 4,
    ...Object.fromEntries(COMPARISONS.map((operator) => [operator, COMPARISON])),
    '|': 8,
    '&': 9,
    '+': 11,
    '-': 11,
    '*': 12,
    '/': 12,
    '%': 12,
    '@': 12,
    '**': 14,
  },
  groupsRight: new Set(['**']),
  groupsNeither: new Set(COMPARISONS),
  unary: { '-': 13, '~': 13, 'not ': 5 },
  noUnaryLeft: new Set(),
  notAmong: {},
  conditional: 1,
  choose: (condition, then, otherwise) => `${then} if ${condition} else ${otherwise}`,
}
