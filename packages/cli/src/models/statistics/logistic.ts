import { logistic } from "@matchpoint/sdk";
import { solve } from "./solve.ts";

/** A logistic regression's data. */
export interface LogisticProblem {
  /** One row of features per sample; a constant is a feature like any other. */
  readonly x: readonly (readonly number[])[];
  readonly won: readonly boolean[];
  /** Weight of each sample; default 1. */
  readonly weight?: readonly number[];
  /** Known part of each sample's log-odds; default 0. */
  readonly offset?: readonly number[];
  /** Per feature: the penalty's factor on the square of its coefficient (half of it is added to the loss); default 0. */
  readonly ridge?: readonly number[];
  /** A penalty across coefficients, added to the diagonal one: symmetric, as rows. */
  readonly penalty?: readonly (readonly number[])[];
}

const STEPS = 50;
const CLOSE = 1e-10;

/**
 * Coefficients of a logistic regression by iteratively reweighted least squares (Newton's steps), halved while they make the
 * penalised loss worse. Deterministic: sums run in the order of the rows.
 */
export function fitLogistic(problem: LogisticProblem): number[] {
  const width = problem.x[0]?.length ?? 0;
  let beta: number[] = Array.from({ length: width }, () => 0);
  let loss = penalisedLoss(problem, beta);
  for (let step = 0; step < STEPS; step++) {
    const { gradient, hessian } = derivatives(problem, beta);
    const move = solve(hessian, gradient);
    let scale = 1;
    let next = beta;
    let nextLoss = Infinity;
    while (scale > 1e-6) {
      next = beta.map((b, j) => b - scale * move[j]!);
      nextLoss = penalisedLoss(problem, next);
      if (nextLoss <= loss + 1e-12) break;
      scale /= 2;
    }
    if (nextLoss > loss) return beta;
    const moved = move.reduce((most, part) => Math.max(most, Math.abs(part * scale)), 0);
    beta = next;
    loss = nextLoss;
    if (moved < CLOSE) return beta;
  }
  return beta;
}

function logOdds({ x, offset }: LogisticProblem, beta: readonly number[], i: number): number {
  const row = x[i]!;
  let sum = offset?.[i] ?? 0;
  for (let j = 0; j < beta.length; j++) sum += row[j]! * beta[j]!;
  return sum;
}

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function penalisedLoss(problem: LogisticProblem, beta: readonly number[]): number {
  let loss = 0;
  for (let i = 0; i < problem.x.length; i++) {
    const z = logOdds(problem, beta, i);
    loss += (problem.weight?.[i] ?? 1) * softplus(problem.won[i] === true ? -z : z);
  }
  for (let j = 0; j < beta.length; j++) {
    loss += ((problem.ridge?.[j] ?? 0) * beta[j]! * beta[j]!) / 2;
    const row = problem.penalty?.[j];
    if (row !== undefined) for (let k = 0; k < beta.length; k++) loss += (beta[j]! * row[k]! * beta[k]!) / 2;
  }
  return loss;
}

function derivatives(
  problem: LogisticProblem,
  beta: readonly number[],
): { gradient: number[]; hessian: number[][] } {
  const width = beta.length;
  const gradient = Array.from({ length: width }, () => 0);
  const hessian = Array.from({ length: width }, () => Array.from({ length: width }, () => 0));
  for (let i = 0; i < problem.x.length; i++) {
    const row = problem.x[i]!;
    const weight = problem.weight?.[i] ?? 1;
    const p = logistic(logOdds(problem, beta, i));
    const residual = weight * (p - (problem.won[i] === true ? 1 : 0));
    const curvature = weight * Math.max(1e-12, p * (1 - p));
    for (let j = 0; j < width; j++) {
      const feature = row[j]!;
      if (feature === 0) continue;
      gradient[j]! += residual * feature;
      const line = hessian[j]!;
      for (let k = 0; k <= j; k++) line[k]! += curvature * feature * row[k]!;
    }
  }
  for (let j = 0; j < width; j++) {
    const ridge = problem.ridge?.[j] ?? 0;
    gradient[j]! += ridge * beta[j]!;
    hessian[j]![j]! += ridge;
    for (let k = 0; k < j; k++) hessian[k]![j] = hessian[j]![k]!;
  }
  if (problem.penalty !== undefined) {
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < width; k++) {
        const part = problem.penalty[j]?.[k] ?? 0;
        gradient[j]! += part * beta[k]!;
        hessian[j]![k]! += part;
      }
    }
  }
  return { gradient, hessian };
}
