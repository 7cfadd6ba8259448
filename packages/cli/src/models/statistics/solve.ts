/**
 * Solves a symmetric positive system by Cholesky's decomposition; a direction that the data does not determine is left at
 * zero.
 */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const lower = Array.from({ length: n }, () => Array.from({ length: n }, () => 0));
  const largest = matrix.reduce((most, row, i) => Math.max(most, Math.abs(row[i]!)), 0);
  const tiny = largest * 1e-13;
  for (let j = 0; j < n; j++) {
    let pivot = matrix[j]![j]!;
    for (let k = 0; k < j; k++) pivot -= lower[j]![k]! * lower[j]![k]!;
    if (pivot <= tiny) continue;
    const root = Math.sqrt(pivot);
    lower[j]![j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = sum / root;
    }
  }
  const half = Array.from({ length: n }, () => 0);
  for (let i = 0; i < n; i++) {
    if (lower[i]![i] === 0) continue;
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i]![k]! * half[k]!;
    half[i] = sum / lower[i]![i]!;
  }
  const solution = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    if (lower[i]![i] === 0) continue;
    let sum = half[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k]![i]! * solution[k]!;
    solution[i] = sum / lower[i]![i]!;
  }
  return solution;
}
