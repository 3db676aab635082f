import { MATRIX_PRODUCT } from '../../src/diagnostics/habits.ts'
import { operatorCallNames } from '../../src/operators/table.ts'
import { row, type Beginner } from './beginner.ts'

const SGD = 'update = lr * g'

/** `if` around a step for matrices, which products and transposes of matrices need. */
const forMatrices = (step: string): string =>
  `if rank(w) >= 2 {\n  update = lr * ${step}\n} else {\n  update = lr * g\n}`

/** What is said of matrices where the language has operators for them, and where it has none. */
const matrices: readonly Beginner[] = operatorCallNames.includes(MATRIX_PRODUCT)
  ? [
      row(
        forMatrices('zeropower_via_newtonschulz5(g)'),
        'unknown-function',
        'it is called `orthogonalize`',
        'orthogonalize(g)',
      ),
      row(
        'update = lr * clip_grad_norm_(g, 1)',
        'unknown-function',
        'import { clip_by_global_norm } from "std/wrappers"',
        'lr * clip_by_global_norm(g, 1)',
      ),
      row(
        forMatrices('(g @ g.T @ g)'),
        'foreign-operator',
        '`matmul(',
        'matmul(matmul(g, transpose(g)), g)',
      ),
      row(
        forMatrices('((g + w) @ g.T @ g)'),
        'foreign-operator',
        '`matmul(',
        'matmul(matmul(g + w, transpose(g)), g)',
      ),
      row(
        forMatrices('transpose(g.T)'),
        'foreign-member',
        '`transpose(g)`',
        'transpose(transpose(g))',
      ),
      row(
        forMatrices('transpose(g.t())'),
        'foreign-member',
        '`transpose(g)`',
        'transpose(transpose(g))',
      ),
      row(
        forMatrices('transpose(g.transpose(0, 1))'),
        'foreign-member',
        '`transpose(g)`',
        'transpose(transpose(g))',
      ),
      row(
        forMatrices('torch.matmul(torch.matmul(g, g.T), g)'),
        'foreign-member',
        '`torch.`',
        'matmul(matmul(g, transpose(g)), g)',
      ),
    ]
  : [
      row('update = lr * (g @ w)', 'foreign-operator', 'optc explain limits'),
      row('update = lr * g.T', 'foreign-member', 'called by their name'),
    ]

/** Habits of PyTorch's optimizers and of the loops that they stand in. */
export const training: readonly Beginner[] = [
  row('optimizer.zero_grad()\nupdate = lr * g', 'foreign-call', 'nothing is to be cleared', SGD),
  row(
    'optimizer Sgd(lr = 0.1) {\n  optimizer.zero_grad()\n  update = lr * g\n}',
    'foreign-call',
    'nothing is to be cleared',
    SGD,
  ),
  row('opt.step(closure)\nupdate = lr * g', 'foreign-call', '`update = ...`', SGD),
  row('loss.backward()\nupdate = lr * g', 'foreign-call', '`g`', SGD),
  row('model.eval()\nupdate = lr * g', 'foreign-call', '`evaluate = ...`', SGD),
  row('with torch.no_grad():\n  update = lr * g', 'foreign-call', 'never differentiated', SGD),
  row('update = lr * p.grad', 'foreign-member', '`g`', SGD),
  row('update = lr * loss * g', 'unknown-name', 'not the loss'),
  row('update = lr * closure() * g', 'unknown-function', 'cannot ask for the loss again'),
  row(
    'update = lr * g / (torch.norm(p.grad) + 1e-8)',
    'foreign-member',
    '`norm(g)`',
    'update = lr * g / (norm(g) + 1e-8)',
  ),
  row(
    'update = lr * (g - torch.mean(p.grad, dim=-1, keepdim=True))',
    'foreign-member',
    '`mean(g, over = inputs)`',
    'update = lr * (g - mean(g, over = inputs))',
  ),
  row(
    'update = lr * (g - np.mean(g, axis=0))',
    'foreign-member',
    '`mean(g, over = inputs)`',
    'update = lr * (g - mean(g, over = inputs))',
  ),
  row(
    'update = lr * (g - g.mean(dim=0))',
    'foreign-member',
    'PyTorch, outputs first',
    'update = lr * (g - mean(g, over = outputs))',
  ),
  row(
    'update = lr * (g - g.mean(axis=-1, keepdims=True))',
    'foreign-member',
    'outputs last',
    'update = lr * (g - mean(g, over = outputs))',
  ),
  row(
    'update = lr * (g - (g + w).abs().mean(dim=1, keepdim=True))',
    'foreign-member',
    'PyTorch, outputs first',
    'update = lr * (g - mean(abs(g + w), over = inputs))',
  ),
  row(
    'update = lr * (g - g.mean(dim=(0, 1)))',
    'foreign-member',
    'one number for all elements',
    'update = lr * (g - mean(g))',
  ),
  row(
    'm_t = 0.9 * m_{t-1} + g\nupdate = lr * m_t',
    'foreign-index',
    '`state m = 0`',
    'state m = 0\nm = 0.9 * m + g\nupdate = lr * m',
  ),
  row(
    'let m_t = 0.9 * m_{t-1} + g_t\nupdate = lr * m_t',
    'foreign-index',
    '`state m = 0`',
    'state m = 0\nm = 0.9 * m + g\nupdate = lr * m',
  ),
  row(
    'm[t] = 0.9 * m[t-1] + g\nv[t] = 0.99 * v[t-1] + g^2\nupdate = lr * m[t] / (sqrt(v[t]) + 1e-8)',
    'foreign-index',
    '`state m = 0`',
    'state v = 0\nv = 0.99 * v + g^2\n',
  ),
  row(
    'if mod(t, 10) == 0 {\n  state q = 0\n  q = g\n}\nupdate = lr * q',
    'used-before-declaration',
    'above the `if`, and assign it inside',
  ),
  row(
    'if rank(w) >= 2 {\n  let s = sign(g)\n}\nupdate = lr * s',
    'used-before-declaration',
    '`where(condition, a, b)`',
  ),
  row(
    'fn averaged(x) {\n  evaluate = ema(x)\n}\nupdate = lr * averaged(g)',
    'evaluate-misplaced',
    '`return`',
    'fn averaged(x) {\n  return ema(x)\n}',
  ),
  ...matrices,
]
