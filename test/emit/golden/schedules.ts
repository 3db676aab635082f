/**
 * Half a cosine wave from 1 down to 0.
 *
 * $(1 + \cos(\pi t / T)) / 2$. Loshchilov and Hutter, 2016, https://arxiv.org/abs/1608.03983; base a3 of Morgan and
 * Hougen, https://arxiv.org/abs/2404.06679.
 */
function decayCosine(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return (1 + Math.cos((Math.PI * t) / T)) / 2
}

/**
 * A warm-up from 0, then half a cosine.
 *
 * @param warmup Steps of the warm-up.
 */
export function warmupCosine(t: number, T: number, warmup = 100, floorValue = 0): number {
  const ramp = Math.min((t + 1) / Math.max(warmup, 1), 1)
  const rest = Math.min(Math.max((t - warmup) / Math.max(T - warmup, 1), 0), 1)
  return ramp * (floorValue + (1 - floorValue) * decayCosine(rest * T, T))
}

/** `decay_cosine` under its name in the published search space. */
function a3(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return decayCosine(t, T)
}

/** `square(a3(t))`. */
export function squareDecay(t: number, T: number): number {
  t = Math.min(t, T - 1)
  return a3(t, T) ** 2
}
