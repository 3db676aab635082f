/** In nats, -log softmax at `answer`, of the `size` scores from `start`. */
export function surprise(
  scores: Float32Array,
  start: number,
  size: number,
  answer: number,
): number {
  let top = -Infinity
  for (let index = start; index < start + size; index++)
    if (scores[index]! > top) top = scores[index]!
  let total = 0
  for (let index = start; index < start + size; index++) total += Math.exp(scores[index]! - top)
  return Math.log(total) + top - scores[start + answer]!
}
