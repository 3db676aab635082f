import type { CatalogEntry } from '../diagnostic.ts'

/** What can be wrong with matrices. */
export const matrixCatalog = {
  'axes-do-not-meet': {
    severity: 'error',
    title: 'matrices over axes that do not meet',
    explanation:
      'Matrices are told apart by the axes of their rows and columns, `inputs` or `outputs`, whatever their lengths are: `g` is a matrix of inputs and outputs, `matmul(g, transpose(g))` one of inputs and inputs. In a product the columns of the first are over the axis of the rows of the second. Element by element a matrix meets numbers of the run and the parameter and matrices over the same axes; one number for each input meets only what there is one of for each element, since for a matrix of inputs and inputs it could be one for each row or for each column. An update, and a state, hold one kind of matrix.\n\nTranspose one of the two, or multiply by another one.',
    wrong:
      'if rank(w) >= 2 {\n  update = lr * matmul(matmul(g, g), g)\n} else {\n  update = lr * g\n}\n',
    right:
      'if rank(w) >= 2 {\n  update = lr * matmul(matmul(g, transpose(g)), g)\n} else {\n  update = lr * g\n}\n',
  },
  'not-a-matrix': {
    severity: 'error',
    title: 'something else where a matrix is wanted',
    explanation:
      'Matrices are `g`, `w` and all there is one of for each element, `eye(inputs)`, and what is made of them by `matmul`, `transpose` and the like, also times numbers. A choice is one where both of its sides are. A state is one where what is assigned to it is one, or where it starts as one.\n\nMultiply numbers by a matrix, and reduce one axis with `over`.',
    wrong:
      'if rank(w) >= 2 {\n  update = lr * matmul(g, norm(g, over = inputs))\n} else {\n  update = lr * g\n}\n',
    right:
      'if rank(w) >= 2 {\n  update = lr * g * norm(g, over = inputs)\n} else {\n  update = lr * g\n}\n',
  },
  'matrix-without-guard': {
    severity: 'error',
    title: 'a matrix of a parameter that may be none',
    explanation:
      'Only a parameter of rank 2 and more is a matrix; vectors (biases, scales) and single numbers need a rule of their own. So operators on matrices stand inside an `if rank(w) >= 2`, or in the side of a `where` that says so; other facts about shapes do as well where they leave no vector over, such as `input_count(w) > 1`.\n\nPut an `if rank(w) >= 2` around them, with the rule for the others behind `else`.',
    wrong: 'update = lr * matmul(matmul(g, transpose(g)), g)\n',
    right:
      'if rank(w) >= 2 {\n  update = lr * matmul(matmul(g, transpose(g)), g)\n} else {\n  update = lr * g\n}\n',
  },
} satisfies Record<string, CatalogEntry>
