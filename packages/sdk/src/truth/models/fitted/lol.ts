import type { FittedModel } from "../model.ts";
import type { LolCoefficients } from "../lol.ts";

/** What `model fit lol` found. Not to be edited. */
export const LOL_FITTED: FittedModel<LolCoefficients> = {
  version: "faa709aa4d8e",
  coefficients: {
    terms: [0.13956, -0.01832, 0.54927, -0.37457, 0.19495, -0.10062, -0.04992, 0.01103, 0.18233, 0.01219, -0.01821],
    usual: { level: [0.5841, 0.24271, -0.06337], change: [0.2282, -0.17864, 0.11302] },
    ratings: {
      asOf: 1496275200000, weight: 0.89433,
      teams: {
        "7h": -0.276, a: -0.01, ae: -0.4, afs: 0.121, ahq: 0.835, all: 0, anc: -0.011, anx: 0.231,
        apx: -0.054, as: -0.014, asc: -0.001, aur: 0.121, av: 0.014, bbq: -0.254, be: -0.082, bgg: -0.089,
        bjk: -0.147, bkt: -0.006, bpi: -0.002, c9: 0.543, c9c: 0.178, ca: 0.001, cf: -0.001, cg: -0.001,
        cge: -0.17, chf: 0.459, cj: -0.026, cje: -0.344, clb: -0.001, clg: 0.038, clk: -0.176, cnb: -0.001,
        col: 0, cow: 0, crew: -0.014, crj: -0.031, crw: 0.111, cst: 0.01, cw: -0.057, cwa: -0.004,
        d9: -0.081, dd: 0, df: -0.062, dfm: 0.407, dig: -0.1, dly: 0, dor: -0.003, dp: -0.167, dw: 0.596,
        edg: 0.019, eg: 0.001, el: -0.036, emf: -0.048, emp: -0.183, esc: -0.092, evr: -0.012, f5: 0,
        fac: -0.001, fb: -0.141, fg: 0.218, fh: 0.058, fis: -0.001, fly: -0.025, fnc: 0.099, fox: -0.46,
        fsn: -0.002, fw: 0.938, g2: 0.629, g3x: -0.027, gal: -0.155, gam: -0.043, get: 0.007, gg: -0.033,
        gia: -0.469, gla: -0.074, gmb: -0.097, gs: -0.447, gv: 0.007, h2k: 0.391, haf: -0.17, hke: -0.106,
        hkes: 0.002, hln: -0.325, hma: -0.095, hr: 0.065, hwa: -0.055, ifg: -0.895, ig: -0.001, im: 0.003,
        img: -0.013, imt: 0.109, inf: -0.105, intz: -0.033, isg: 0.468, itz: 0.325, jag: -0.316,
        jsa: 0.014, jst: -0.165, jt: 0.51, jth: 0.114, jtm: 0.008, kbm: -0.428, kdm: -0.384, klg: -0.514,
        koo: 0.029, kst: 0.089, kt: 0.613, lgc: 0.524, lgd: -0.004, lgs: -0.016, lk: 0.137, lmq: 0,
        log: -0.001, longzhu: 0.004, lyn: 1.101, lz: -0.072, m17: 0.13, m19: 0.117, mac: -0.003,
        mc: 0, mil: -0.128, mkz: 0, mou: -0.017, mse: -0.063, msf: 0.101, mvp: 0.076, mym: -0.003,
        ngu: -0.002, nh: -0.192, nje: 0.004, njf: 0.003, nme: -0.026, nr1: -0.058, nrg: -0.495, ntr: -0.001,
        nv: -0.499, nws: 0, og: -0.707, ohm: -0.006, omg: 0, opk: -0.31, p1: 0.25, pds: -0.063, png: 0.234,
        prime: -0.001, pro: 0, qg: 0, rbt: -0.14, red: 0.504, rem: -0.408, ren: 0.02, rg: -0.004,
        rj: -0.369, rng: 0.066, roc: -0.121, rox: 0.005, rpg: 0.553, s04: -0.307, sbenu: -0.002,
        sbk: -0.19, shr: 0, sin: 0.127, sk: -0.005, skp: -0.001, skt: 1.051, spa: -0.001, spy: 0.164,
        ssb: -0.158, ssg: 0.588, ssw: 0.001, sup: 0.645, sz: -0.582, t8: 0.005, tdk: -0.065, tip: 0,
        tl: -0.303, tla: -0.125, tm: -0.345, tpa: 0.04, tpb: -0.052, trc: 0, tri: -0.006, ts: 0,
        tsm: 0.567, tt: -0.073, uol: 0.404, usg: 0.381, veg: 0.212, vfk: 0.029, vit: -0.376, vp: 0.24,
        vs: 0.285, we: 0.333, wfx: -0.004, winners: -0.004, wor: -0.202, ws: -0.853, x5: -0.768,
        xenics: -0.003, xg: -0.524, yoefw: 0.003, zen: -0.001, zone: -0.003, ztg: -0.091,
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
        at: 5, n: 1539, brier: 0.22263, logLoss: 0.63659, ece: 0.0374, eceBand: 0.04261,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.23442, logLoss: 0.66137 },
          "the closed form published for 2025": { brier: 0.23475, logLoss: 0.66243 },
          "itself without the teams' ratings": { brier: 0.23469, logLoss: 0.66233 },
        },
      },
      {
        at: 10, n: 1539, brier: 0.19709, logLoss: 0.57587, ece: 0.03429, eceBand: 0.04037,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.20653, logLoss: 0.59777 },
          "the closed form published for 2025": { brier: 0.20649, logLoss: 0.59785 },
          "itself without the teams' ratings": { brier: 0.20632, logLoss: 0.59712 },
        },
      },
      {
        at: 15, n: 1539, brier: 0.17331, logLoss: 0.51685, ece: 0.03348, eceBand: 0.0363,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.18229, logLoss: 0.53897 },
          "the closed form published for 2025": { brier: 0.18139, logLoss: 0.5364 },
          "itself without the teams' ratings": { brier: 0.18147, logLoss: 0.5364 },
        },
      },
      {
        at: 20, n: 1538, brier: 0.14858, logLoss: 0.44776, ece: 0.0322, eceBand: 0.03402,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.15397, logLoss: 0.4635 },
          "the closed form published for 2025": { brier: 0.15369, logLoss: 0.46355 },
          "itself without the teams' ratings": { brier: 0.15358, logLoss: 0.46252 },
        },
      },
      {
        at: 25, n: 1500, brier: 0.12505, logLoss: 0.38606, ece: 0.01925, eceBand: 0.03088,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.12975, logLoss: 0.39948 },
          "the closed form published for 2025": { brier: 0.12953, logLoss: 0.3997 },
          "itself without the teams' ratings": { brier: 0.12885, logLoss: 0.39708 },
        },
      },
      {
        at: 30, n: 1273, brier: 0.11133, logLoss: 0.3509, ece: 0.02326, eceBand: 0.03238,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.11621, logLoss: 0.36452 },
          "the closed form published for 2025": { brier: 0.11604, logLoss: 0.36506 },
          "itself without the teams' ratings": { brier: 0.11545, logLoss: 0.36265 },
        },
      },
      {
        at: 35, n: 885, brier: 0.11055, logLoss: 0.35278, ece: 0.03218, eceBand: 0.03923,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.11834, logLoss: 0.37301 },
          "the closed form published for 2025": { brier: 0.11823, logLoss: 0.37367 },
          "itself without the teams' ratings": { brier: 0.11559, logLoss: 0.3666 },
        },
      },
      {
        at: 40, n: 512, brier: 0.1289, logLoss: 0.40029, ece: 0.02633, eceBand: 0.05467,
        rivals: {
          "a logistic regression on gold per minute": { brier: 0.13775, logLoss: 0.42498 },
          "the closed form published for 2025": { brier: 0.13771, logLoss: 0.42491 },
          "itself without the teams' ratings": { brier: 0.13364, logLoss: 0.41329 },
        },
      },
    ],
    overall: {
      n: 10325, brier: 0.15829, logLoss: 0.4739, ece: 0.01811, eceBand: 0.01912,
      rivals: {
        "a logistic regression on gold per minute": { brier: 0.16599, logLoss: 0.49308 },
        "the closed form published for 2025": { brier: 0.16579, logLoss: 0.49303 },
        "itself without the teams' ratings": { brier: 0.16515, logLoss: 0.49089 },
      },
    },
    reliability: [
      { n: 1032, predicted: 0.04535, observed: 0.03779 },
      { n: 1033, predicted: 0.17177, observed: 0.20232 },
      { n: 1032, predicted: 0.30454, observed: 0.34109 },
      { n: 1033, predicted: 0.41435, observed: 0.41917 },
      { n: 1032, predicted: 0.51189, observed: 0.49225 },
      { n: 1033, predicted: 0.60447, observed: 0.61278 },
      { n: 1032, predicted: 0.70326, observed: 0.73353 },
      { n: 1033, predicted: 0.80507, observed: 0.82381 },
      { n: 1032, predicted: 0.89959, observed: 0.91376 },
      { n: 1033, predicted: 0.97494, observed: 0.98548 },
    ],
  },
};
