import type { FittedModel } from "../model.ts";
import type { LolCoefficients } from "../lol.ts";

/** What `model fit lol` found. Not to be edited. */
export const LOL_FITTED: FittedModel<LolCoefficients> = {
  version: "68db3e5fa42a",
  coefficients: {
    terms: [0.13956, -0.01832, 0.54927, -0.37457, 0.19495, -0.10062, -0.04992, 0.01103, 0.18233, 0.01219, -0.01821],
    usual: { level: [0.5841, 0.24271, -0.06337], change: [0.2282, -0.17864, 0.11302] },
    ratings: {
      asOf: 1496275200000, weight: 1.78486,
      teams: {
        "7h": -0.141, a: 0, ae: -0.217, afs: 0.033, ahq: 0.343, all: 0, anc: 0, anx: 0.02, apx: -0.006,
        as: 0, asc: 0, aur: 0.044, av: -0.005, bbq: -0.176, be: -0.002, bgg: -0.008, bjk: -0.017,
        bkt: 0, bpi: 0, c9: 0.31, c9c: 0.069, ca: 0, cf: 0, cg: 0, cge: -0.007, chf: 0.181, cj: -0.001,
        cje: -0.097, clb: 0, clg: -0.012, clk: -0.015, cnb: -0.03, col: 0, cow: 0, crew: 0, crj: -0.001,
        crw: 0.068, cst: 0, cw: -0.003, cwa: 0, d9: -0.036, dd: 0, df: -0.001, dfm: 0.162, dig: -0.046,
        dly: 0, dor: 0, dp: -0.136, dw: 0.288, edg: -0.001, eg: 0, el: -0.001, emf: -0.001, emp: -0.017,
        esc: -0.004, evr: 0, f5: 0, fac: 0, fb: -0.114, fg: 0.103, fh: 0.005, fis: 0, fly: -0.032,
        fnc: 0.043, fox: -0.221, fsn: 0, fw: 0.437, g2: 0.322, g3x: -0.001, gal: -0.083, gam: -0.053,
        get: 0, gg: -0.017, gia: -0.277, gla: -0.005, gmb: -0.048, gs: -0.221, gv: 0, h2k: 0.193,
        haf: -0.077, hke: -0.11, hkes: 0, hln: -0.029, hma: -0.007, hr: 0.001, hwa: -0.045, ifg: -0.417,
        ig: 0, im: -0.001, img: 0, imt: -0.011, inf: -0.037, intz: -0.003, isg: 0.216, itz: 0.127,
        jag: -0.249, jsa: -0.004, jst: -0.014, jt: 0.198, jth: 0.05, jtm: 0, kbm: -0.173, kdm: -0.263,
        klg: -0.232, koo: 0, kst: 0.025, kt: 0.283, lgc: 0.221, lgd: 0, lgs: 0, lk: 0.061, lmq: 0,
        log: 0, longzhu: 0, lyn: 0.536, lz: -0.079, m17: 0.078, m19: 0.036, mac: 0, mc: 0, mil: -0.038,
        mkz: 0, mou: 0, mse: -0.006, msf: 0.056, mvp: 0.005, mym: 0, ngu: 0, nh: -0.054, nje: 0,
        njf: 0, nme: 0, nr1: -0.001, nrg: -0.161, ntr: 0, nv: -0.348, nws: 0, og: -0.391, ohm: 0,
        omg: 0, opk: -0.129, p1: 0.205, pds: -0.041, png: 0.089, prime: 0, pro: 0, qg: 0, rbt: -0.071,
        red: 0.261, rem: -0.167, ren: 0.004, rg: 0, rj: -0.173, rng: 0, roc: -0.016, rox: -0.142,
        rpg: 0.251, s04: -0.107, sbenu: 0, sbk: -0.055, shr: 0, sin: 0.062, sk: 0, skp: 0, skt: 0.558,
        spa: 0, spy: 0.062, ssb: -0.007, ssg: 0.265, ssw: 0, sup: 0.338, sz: -0.262, t8: 0, tdk: -0.004,
        tip: 0.002, tl: -0.203, tla: -0.028, tm: -0.134, tpa: 0.001, tpb: -0.003, trc: 0, tri: 0,
        ts: 0, tsm: 0.275, tt: -0.007, uol: 0.227, usg: 0.165, veg: 0.079, vfk: 0, vit: -0.209, vp: 0.092,
        vs: 0.125, we: 0.088, wfx: 0, winners: 0, wor: -0.054, ws: -0.409, x5: -0.345, xenics: 0,
        xg: -0.256, yoefw: 0, zen: 0, zone: 0, ztg: -0.039,
      },
    },
  },
  data: {
    name: "professional games with gold per minute", games: 5607, matches: 5607, from: "2014 Summer",
    to: "2017 Spring",
  },
  validation: {
    fittedOn: {
      name: "professional games with gold per minute", games: 4068, matches: 4068, from: "2014 Summer",
      to: "2016 Summer",
    },
    testedOn: {
      name: "professional games with gold per minute", games: 1539, matches: 1539, from: "2017 Spring",
      to: "2017 Spring",
    },
    unit: "minute",
    buckets: [
      {
        at: 5, n: 1539, brier: 0.22303, logLoss: 0.63712, ece: 0.037, eceBand: 0.04222,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.23442, logLoss: 0.66137 },
          "the closed form published for 2025": { brier: 0.23475, logLoss: 0.66243 },
          "itself without the teams' ratings": { brier: 0.23469, logLoss: 0.66233 },
        },
      },
      {
        at: 10, n: 1539, brier: 0.19715, logLoss: 0.57626, ece: 0.03914, eceBand: 0.03991,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.20653, logLoss: 0.59777 },
          "the closed form published for 2025": { brier: 0.20649, logLoss: 0.59785 },
          "itself without the teams' ratings": { brier: 0.20632, logLoss: 0.59712 },
        },
      },
      {
        at: 15, n: 1539, brier: 0.17314, logLoss: 0.51685, ece: 0.03773, eceBand: 0.03623,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.18229, logLoss: 0.53897 },
          "the closed form published for 2025": { brier: 0.18139, logLoss: 0.5364 },
          "itself without the teams' ratings": { brier: 0.18147, logLoss: 0.5364 },
        },
      },
      {
        at: 20, n: 1538, brier: 0.14838, logLoss: 0.44754, ece: 0.02594, eceBand: 0.03374,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.15397, logLoss: 0.4635 },
          "the closed form published for 2025": { brier: 0.15369, logLoss: 0.46355 },
          "itself without the teams' ratings": { brier: 0.15358, logLoss: 0.46252 },
        },
      },
      {
        at: 25, n: 1500, brier: 0.12487, logLoss: 0.38583, ece: 0.01912, eceBand: 0.03078,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.12975, logLoss: 0.39948 },
          "the closed form published for 2025": { brier: 0.12953, logLoss: 0.3997 },
          "itself without the teams' ratings": { brier: 0.12885, logLoss: 0.39708 },
        },
      },
      {
        at: 30, n: 1273, brier: 0.11137, logLoss: 0.35069, ece: 0.02744, eceBand: 0.03219,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.11621, logLoss: 0.36452 },
          "the closed form published for 2025": { brier: 0.11604, logLoss: 0.36506 },
          "itself without the teams' ratings": { brier: 0.11545, logLoss: 0.36265 },
        },
      },
      {
        at: 35, n: 885, brier: 0.11056, logLoss: 0.35271, ece: 0.03209, eceBand: 0.03888,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.11834, logLoss: 0.37301 },
          "the closed form published for 2025": { brier: 0.11823, logLoss: 0.37367 },
          "itself without the teams' ratings": { brier: 0.11559, logLoss: 0.3666 },
        },
      },
      {
        at: 40, n: 512, brier: 0.12936, logLoss: 0.40044, ece: 0.03758, eceBand: 0.05409,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.13775, logLoss: 0.42498 },
          "the closed form published for 2025": { brier: 0.13771, logLoss: 0.42491 },
          "itself without the teams' ratings": { brier: 0.13364, logLoss: 0.41329 },
        },
      },
    ],
    overall: {
      n: 10325, brier: 0.1583, logLoss: 0.47395, ece: 0.01645, eceBand: 0.01976,
      rivals: {
        "a logistic regression on gold per minute": { brier: 0.16599, logLoss: 0.49308 },
        "the closed form published for 2025": { brier: 0.16579, logLoss: 0.49303 },
        "itself without the teams' ratings": { brier: 0.16515, logLoss: 0.49089 },
      },
    },
    reliability: [
      { n: 1032, predicted: 0.04469, observed: 0.03876 },
      { n: 1033, predicted: 0.16885, observed: 0.19458 },
      { n: 1032, predicted: 0.30097, observed: 0.34787 },
      { n: 1033, predicted: 0.412, observed: 0.41045 },
      { n: 1032, predicted: 0.51018, observed: 0.50194 },
      { n: 1033, predicted: 0.60506, observed: 0.61278 },
      { n: 1032, predicted: 0.70459, observed: 0.73062 },
      { n: 1033, predicted: 0.80647, observed: 0.82091 },
      { n: 1032, predicted: 0.90066, observed: 0.9186 },
      { n: 1033, predicted: 0.9754, observed: 0.98548 },
    ],
  },
};
