/** "Did you mean": the nearest of the words that would have been right. */

/** Levenshtein distance between two words: insertions, deletions and substitutions, one each. */
export const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(row[j - 1] + 1, previous[j] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    previous = row
  }
  return previous[b.length]
}

// `spanning-tree`, `spanning_tree` and `spanningTree` are one word written three ways.
const fold = (word: string): string => word.replace(/[-_ ]/g, "").toLowerCase()

/**
 * The candidate that `word` was probably meant to be: the nearest within a third of its length (two letters at least); the first
 * of several equally near. Undefined when none is near. Words over 64 letters are not compared.
 */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  if (word.length > 64) return undefined
  const folded = fold(word)
  const limit = Math.max(2, Math.floor(folded.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit + 4) continue
    const d = distance(folded, fold(candidate))
    // A distance of the whole word means that nothing is shared.
    if (d < bestDistance && d < Math.max(folded.length, 1)) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

/** `; did you mean "ports"?`, or `otherwise` when nothing is near. */
export const didYouMean = (word: string, candidates: Iterable<string>, otherwise = ""): string => {
  const found = nearest(word, candidates)
  return found === undefined ? otherwise : `; did you mean "${found}"?`
}
