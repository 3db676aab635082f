/** What is shown to who comes without a program of their own. */
export const FIRST_NAME = 'my_adam.opt'

export const FIRST_PROGRAM = `/// Adam with a warm-up: change anything, and watch the panes beside it.
optimizer MyAdam(
  lr in (0, inf) = 0.001,
  beta1 in [0, 1) = 0.9,
  beta2 in [0, 1) = 0.999,
  epsilon in (0, inf) = 1e-8,
) {
  let m_hat = corrected_ema(g, beta1)
  let v_hat = corrected_ema(g^2, beta2)

  update = lr * warm_up(t, T) * m_hat / (sqrt(v_hat) + epsilon)
}

/// A line from 0 to 1 over the first tenth of the run, then half a cosine down to 0.
decay warm_up(t, T) {
  let start = t / (0.1 * T)
  let rest = 0.5 * (1 + cos(pi * t / T))
  return min(start, rest)
}
`
