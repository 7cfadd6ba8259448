import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// The trading core is a deterministic fold: no clock, no random numbers, no I/O, no promises, and only arithmetic whose
// result the language specifies exactly.
const CORE = [
  "packages/sdk/src/{units,events,book,state,truth,portfolio,orders,trading,risk,strategy,engine}/**/*.ts",
  "packages/sdk/src/{ids,errors}.ts",
  "packages/paper-broker/src/**/*.ts",
];

/** The paper broker behind the asynchronous contracts: it awaits, but still tells no time of its own. */
const PAPER_SHELL = ["packages/paper-broker/src/shell/**/*.ts"];

/** The only files of published packages that may read the time or set a timer; all others take a Clock. */
const CLOCKS = [
  "packages/*/src/**/clock/**/*.ts",
  "packages/cli/src/**/*.ts",
  // A program of its own, which shares no code with what it has to work without.
  "packages/adapters-polymarket/src/cancelAll/**/*.ts",
  "packages/testing/src/**/server*",
];

const EXACT_MATH = "abs|floor|ceil|round|trunc|min|max|sign|imul|sqrt|clz32";

const codedErrors = [
  {
    selector: ":matches(NewExpression, CallExpression)[callee.name=/^(Error|TypeError|RangeError)$/]",
    message: "Use an error with a stable code, so that callers can tell what happened without reading text.",
  },
];

const injectedTime = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: "Take a Clock: code that reads the time itself cannot run under virtual time.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Take a Clock: code that reads the time itself cannot run under virtual time.",
  },
];

const determinism = [
  {
    selector: `MemberExpression[object.name='Math']:not([property.name=/^(${EXACT_MATH})$/])`,
    message: "The result may differ between machines; use the functions of units/.",
  },
  {
    selector: ":not(MemberExpression) > Identifier[name='Math']",
    message: "Call the exact functions of Math directly; do not take Math apart or pass it on.",
  },
  {
    selector: "BinaryExpression[operator='**']:not([left.bigint])",
    message: "Powers of floats may differ between machines; multiply, or use bigint literals.",
  },
  {
    selector: "AssignmentExpression[operator='**=']",
    message: "Powers of floats may differ between machines.",
  },
  {
    selector: "CallExpression[callee.property.name=/^(localeCompare|toLocale\\w+)$/]",
    message: "The result depends on the machine's language settings.",
  },
  { selector: ":function[async=true]", message: "The core is synchronous." },
  { selector: "AwaitExpression", message: "The core is synchronous." },
  { selector: "ForOfStatement[await=true]", message: "The core is synchronous." },
  { selector: "ImportExpression", message: "The core is synchronous." },
  { selector: "TSTypeReference[typeName.name='Promise']", message: "The core is synchronous." },
];

const timers = ["setTimeout", "setInterval", "setImmediate", "performance"];
const coreGlobals = [
  ...timers,
  ...[
    "Date",
    "process",
    "queueMicrotask",
    "fetch",
    "crypto",
    "globalThis",
    "global",
    "Promise",
    "Intl",
    "Buffer",
  ],
  ...["WeakRef", "FinalizationRegistry"],
];

const globals = (names, message) => names.map((name) => ({ name, message }));

export default defineConfig(
  {
    ignores: [
      "**/node_modules/**",
      "**/dist/**",
      "**/coverage/**",
      ".vitest/**",
      "docs/api/**",
      "scripts/smoke/**",
    ],
  },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./packages/dashboard/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      // An indexed element that is known to exist is asserted in hot paths instead of being checked again.
      "@typescript-eslint/no-non-null-assertion": "off",
      // A fake or an in-memory adapter fulfils an asynchronous contract without awaiting anything.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": ["error", ...codedErrors, ...injectedTime],
      "no-restricted-globals": [
        "error",
        ...globals(timers, "Take a Clock: code that reads the time itself cannot run under virtual time."),
      ],
    },
  },
  // A page: its time is the browser's.
  { files: ["packages/dashboard/src/**/*.{ts,tsx}"], rules: { "no-restricted-globals": "off" } },
  {
    files: CLOCKS,
    rules: { "no-restricted-syntax": ["error", ...codedErrors], "no-restricted-globals": "off" },
  },
  { files: ["packages/cli/src/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: CORE,
    ignores: PAPER_SHELL,
    rules: {
      "no-restricted-syntax": ["error", ...codedErrors, ...injectedTime, ...determinism],
      "no-restricted-globals": [
        "error",
        ...globals(coreGlobals, "The core is deterministic and free of I/O."),
      ],
    },
  },
  {
    files: ["**/test/**/*.ts", "tests/**/*.ts", "scripts/**/*.ts", "bench/**/*.ts"],
    rules: {
      // Tests and scripts read JSON and reach into untyped data on purpose.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  { files: ["**/*.{js,mjs}"], extends: [tseslint.configs.disableTypeChecked] },
  {
    // What a program printed is read as the test expects it to be.
    files: ["tests/cli/**/*.ts"],
    rules: { "@typescript-eslint/no-explicit-any": "off" },
  },
);
