import type {
  Clause,
  ResolutionAssessment,
  ResolutionFinding,
  ResolutionFindingCode,
  ResolutionTemplate,
  ResolutionText,
} from "./finding.ts";
import { readSentence, type Reading } from "./grammar.ts";
import { isOracle, siteOf, titleOfGame } from "./oracles.ts";
import { readSchedule } from "./schedule.ts";
import { readSentences, type Sentence } from "./sentences.ts";
import { inWords } from "../identity/times.ts";
import { DEFAULT_RESOLUTION_RULES, type CasePayout, type ResolutionRule } from "./rule.ts";

/** The longest known text has 2,400 characters. */
const LONGEST = 20_000;
const DAY_MS = 86_400_000;
/** Outcomes that are no teams. */
const WORDS = /^(?:yes|no|over|under|odd|even)$/i;
const JUDGEMENT =
  /\b(?:discretion|may|might|should|deem(?:ed)?|reasonabl[ey]|judge?ment|committee|clarif\w+|at any time|subject to)\b/;
const SOURCE = /\b(?:source|official|information|report\w*|oracle|announce\w*|published)\b/;

/** What each template has to say, by `about` of its readings. */
const NEEDED: Readonly<Record<ResolutionTemplate, readonly string[]>> = {
  "esports-match": [
    "subject",
    "winner:0",
    "winner:1",
    "not_held:canceled",
    "not_held:tie",
    "not_held:delayed",
    "forfeit_after_start",
    "walkover_before_start",
    "source",
  ],
  "esports-game": [
    "subject",
    "winner:0",
    "winner:1",
    "not_held:canceled",
    "not_held:delayed",
    "completed_game",
    "incomplete_game",
    "source",
  ],
  "esports-handicap": [
    "subject",
    "not_held:canceled",
    "not_held:tie",
    "not_held:delayed",
    "forfeit_after_start",
    "source",
  ],
  "esports-total": [
    "subject",
    "line:over",
    "line:under",
    "not_held:canceled",
    "not_held:tie",
    "not_held:delayed",
    "forfeit_after_start",
    "source",
  ],
};

/** What is missing, in words. */
const CASE_WORDS: Readonly<Record<string, string>> = {
  subject: "which match it is about",
  "winner:0": "when the first outcome is paid",
  "winner:1": "when the second outcome is paid",
  "line:over": "when Over is paid",
  "line:under": "when Under is paid",
  "not_held:canceled": "a match that is canceled",
  "not_held:tie": "a match that ends in a tie",
  "not_held:delayed": "a match that is delayed",
  forfeit_after_start: "a forfeit after the start",
  walkover_before_start: "a walkover before the start",
  completed_game: "a game that is completed in a match that is not",
  incomplete_game: "a game that is not completed",
  source: "where the result is taken from",
};

/**
 * Reads a market's rules text sentence by sentence. Every sentence must be of a known wording, and together they must settle every case
 * that can come up, each once: then the rule that they state is returned. Otherwise every finding names its sentence. Nothing is guessed
 * from words in passing; a new wording is refused until it is added here.
 *
 * @example
 * ```ts
 * import { assessResolution, type MarketDescription } from "@matchpoint/sdk";
 * function mayTrade({ rules, outcomes, subject, startsAt }: MarketDescription): string {
 *   if (rules === undefined) return "no rules text";
 *   const answer = assessResolution({ rules, outcomes: [outcomes[0].name, outcomes[1].name], subject, startsAt });
 *   return answer.ok ? answer.rule.id : answer.findings.map(({ sentence, why }) => `${why}: ${sentence}`).join("\n");
 * }
 * ```
 */
export function assessResolution(text: ResolutionText): ResolutionAssessment {
  const named = Object.values(DEFAULT_RESOLUTION_RULES).find((rule) => rule.id === text.rules.trim());
  if (named !== undefined)
    return { ok: true, template: named.id as ResolutionTemplate, rule: named, clauses: [] };
  if (text.rules.length > LONGEST) {
    const why = `the text has ${text.rules.length} characters`;
    return { ok: false, findings: [{ code: "TEXT_TOO_LONG", sentence: text.rules.slice(0, 80), why }] };
  }
  return new Assessment(text).run();
}

class Assessment {
  readonly #text: ResolutionText;
  readonly #findings: ResolutionFinding[] = [];
  readonly #clauses: Clause[] = [];
  readonly #readings = new Map<string, { readonly reading: Reading; readonly sentence: Sentence }>();
  readonly #urls: readonly string[];
  readonly #sentences: readonly Sentence[];

  constructor(text: ResolutionText) {
    this.#text = text;
    const teams = text.outcomes.every((name) => !WORDS.test(name.trim()))
      ? text.outcomes
      : (["", ""] as const);
    const { sentences, urls } = readSentences(text.rules, teams);
    this.#sentences = sentences;
    this.#urls = urls;
  }

  run(): ResolutionAssessment {
    const unknown = this.#sentences.filter((sentence) => !this.#take(sentence));
    const template = this.#template();
    if (template === undefined)
      return { ok: false, findings: [this.#unsupported(unknown), ...this.#findings] };
    for (const sentence of unknown) this.#findings.push(unknownSentence(sentence));
    this.#complete(template);
    this.#agreeInside(template);
    this.#agreeWithListing(template);
    this.#agreeOnSource();
    if (this.#findings.length > 0) return { ok: false, findings: this.#findings };
    return { ok: true, template, rule: this.#rule(template), clauses: this.#clauses };
  }

  /** Whether a sentence is of a known form; what is wrong with it then is a finding of its own. */
  #take(sentence: Sentence): boolean {
    const answer = readSentence(sentence.masked);
    if (answer === undefined) return false;
    if ("code" in answer) {
      this.#find(answer.code, sentence, answer.why);
      return true;
    }
    for (const reading of answer) {
      const before = this.#readings.get(reading.about);
      if (before === undefined) this.#readings.set(reading.about, { reading, sentence });
      else if (before.reading.states !== reading.states)
        this.#find(
          "CONTRADICTION",
          sentence,
          `another sentence settles the same otherwise: "${before.sentence.text}"`,
        );
    }
    this.#clauses.push({ kind: answer[0]!.kind, sentence: sentence.text });
    return true;
  }

  #has(about: string): boolean {
    return this.#readings.has(about);
  }

  #template(): ResolutionTemplate | undefined {
    const winner = this.#readings.get("winner:0") ?? this.#readings.get("winner:1");
    if (winner !== undefined) return winner.reading.number === undefined ? "esports-match" : "esports-game";
    if (this.#has("line:over") || this.#has("line:under")) return "esports-total";
    if (this.#has("line:0") || this.#has("line:1")) return "esports-handicap";
    return undefined;
  }

  /** A text of no template: the sentence that says what pays is the one to look at. */
  #unsupported(unknown: readonly Sentence[]): ResolutionFinding {
    const pays =
      unknown.find(({ masked }) => masked.includes("resolve to")) ??
      unknown.find(({ masked }) => masked.includes("resolve")) ??
      unknown[0] ??
      this.#sentences[0];
    const sentence = pays?.text ?? this.#text.rules.slice(0, 200);
    return { code: "TEMPLATE_UNSUPPORTED", sentence, why: "no known kind of market is decided by this" };
  }

  #complete(template: ResolutionTemplate): void {
    const needed =
      template === "esports-handicap" ? [...NEEDED[template], ...this.#handicapLines()] : NEEDED[template];
    const pays =
      this.#sentences.find(({ masked }) => masked.includes("this market will resolve")) ??
      this.#sentences[0]!;
    for (const about of needed) {
      if (this.#has(about)) continue;
      // What a finding has refused already is not missing.
      if (this.#findings.some(({ code }) => code === "UNKNOWN_PAYOUT" || code === "CONTRADICTION")) continue;
      this.#find(
        about === "source" ? "UNCLEAR_ORACLE" : "MISSING_CLAUSE",
        pays,
        `the text does not say ${CASE_WORDS[about] ?? about}`,
      );
    }
  }

  #handicapLines(): readonly string[] {
    return this.#has("line:0") ? ["else:1"] : ["else:0"];
  }

  /** Numbers and teams that several sentences name must be the same. */
  #agreeInside(template: ResolutionTemplate): void {
    const all = [...this.#readings.values()];
    const numbered =
      template === "esports-game" || template === "esports-total"
        ? all.filter(({ reading }) => reading.number !== undefined)
        : [];
    const [first, ...others] = numbered;
    for (const { reading, sentence } of others) {
      if (reading.number !== first!.reading.number)
        this.#find(
          "CONTRADICTION",
          sentence,
          `it is about ${String(reading.number)}, another sentence about ${String(first!.reading.number)}`,
        );
    }
    const winners = all.filter(({ reading }) => reading.kind === "winner");
    if (winners.length === 2 && winners[0]!.reading.states !== winners[1]!.reading.states)
      this.#find("CONTRADICTION", winners[1]!.sentence, "the two outcomes are about different games");
    const pairs = all.filter(({ reading }) => reading.pair !== undefined);
    if (pairs.length === 2 && pairs[0]!.reading.pair !== pairs[1]!.reading.pair)
      this.#find(
        "CONTRADICTION",
        pairs[1]!.sentence,
        "it is about other teams than the match that the text names",
      );
  }

  #agreeWithListing(template: ResolutionTemplate): void {
    const { subject, title, startsAt } = this.#text;
    const about = this.#readings.get("subject");
    if (about === undefined) return;
    const { reading, sentence } = about;
    const own = titleOfGame(reading.game ?? "");
    if (title !== undefined && own !== title)
      this.#find("SUBJECT_DIFFERS", sentence, `the text is about ${String(own)}, the listing about ${title}`);
    const pays = this.#readings.get("winner:0")?.sentence ?? sentence;
    const expected =
      subject === undefined ? undefined : subject.kind === "series" ? "esports-match" : "esports-game";
    if (expected !== undefined && template !== expected)
      this.#find(
        "SUBJECT_DIFFERS",
        pays,
        `the market is taken to be of ${expected}, its text is of ${template}`,
      );
    const game = this.#readings.get("winner:0")?.reading.number;
    if (subject?.kind === "game" && game !== undefined && game !== subject.game)
      this.#find(
        "SUBJECT_DIFFERS",
        pays,
        `the market is taken to be about game ${subject.game}, its text is about game ${game}`,
      );
    if (reading.when === undefined || startsAt === undefined) return;
    const scheduled = readSchedule(reading.when, startsAt);
    if (scheduled === undefined) {
      this.#find(
        "SUBJECT_DIFFERS",
        sentence,
        `"${reading.when}" is no date that can be compared with the listing's start`,
      );
      return;
    }
    const days = this.#readings.get("not_held:delayed")?.reading.days ?? 7;
    if (startsAt - scheduled > days * DAY_MS) {
      this.#find(
        "DELAY_PASSED",
        sentence,
        `the listing now starts ${inWords(startsAt - scheduled)} after this date, and the text takes more than ${days} days for not held`,
      );
    } else if (scheduled - startsAt > DAY_MS) {
      this.#find(
        "SUBJECT_DIFFERS",
        sentence,
        `the listing starts ${inWords(scheduled - startsAt)} before this date`,
      );
    }
  }

  #agreeOnSource(): void {
    const source = this.#readings.get("source");
    if (source === undefined) return;
    const url = this.#urls[source.reading.url!] ?? "";
    const fallback = this.#readings.get("fallback_source");
    if (fallback !== undefined && siteOf(this.#urls[fallback.reading.url!] ?? "") !== siteOf(url))
      this.#find("UNCLEAR_ORACLE", fallback.sentence, `it waits for another source than ${url}`);
    const listed = this.#text.resolutionSource;
    if (listed !== undefined && listed !== "" && siteOf(listed) !== siteOf(url))
      this.#find("UNCLEAR_ORACLE", source.sentence, `the listing's own source is ${listed}`);
    const title = this.#text.title ?? titleOfGame(this.#readings.get("subject")?.reading.game ?? "");
    if (title !== undefined && !isOracle(url, title))
      this.#find("UNCLEAR_ORACLE", source.sentence, `${url} is not known to publish results of ${title}`);
  }

  #rule(template: ResolutionTemplate): ResolutionRule {
    const pays = (about: string, otherwise: CasePayout): CasePayout =>
      this.#readings.get(about)?.reading.payout ?? otherwise;
    const days = this.#readings.get("not_held:delayed")!.reading.days!;
    const own =
      template === "esports-game"
        ? pays("incomplete_game", "fifty_fifty")
        : pays("forfeit_after_start", "fifty_fifty");
    return {
      id: template,
      forfeitAfterStart: own,
      forfeitBeforeStart: pays("walkover_before_start", "fifty_fifty"),
      notHeld: "fifty_fifty",
      ...(this.#has("not_held:tie") ? { tie: "fifty_fifty" as const } : {}),
      delayDays: days,
    };
  }

  #find(code: ResolutionFindingCode, sentence: Sentence, why: string): void {
    this.#findings.push({ code, sentence: sentence.text, why });
  }
}

function unknownSentence({ text, masked }: Sentence): ResolutionFinding {
  if (JUDGEMENT.test(masked))
    return {
      code: "AMBIGUOUS_WORDING",
      sentence: text,
      why: "it leaves room for judgement, in no known wording",
    };
  if (SOURCE.test(masked))
    return {
      code: "UNCLEAR_ORACLE",
      sentence: text,
      why: "it is no known wording of where the result is taken from",
    };
  return { code: "UNKNOWN_SENTENCE", sentence: text, why: "no known sentence reads like this" };
}
