import type { TFunction } from 'i18next';
import type { GateId } from '../../shared/domain/gate.ts';
import { METER_STATE, type Problem } from '../../shared/domain/problem.ts';
import { english } from '../i18n/english.ts';

/** What the engine said, in the language of the page where there are words for it. */
export interface EngineWords {
  readonly text: string;
  /** `en` where the words are still those of the engine: a screen reader has to know in which language to say them. */
  readonly lang?: 'en';
}

const STATES = reversed(METER_STATE);
/** The sentences of each gate that hold no values, by what the engine says. */
const GATES: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(english.gates).map(([gate, sentences]) => [gate, reversed(sentences)]),
);
const NEXT_STEPS: ReadonlyMap<string, string> = new Map(Object.entries(english.problems.nextStep));

/** What happened, in the language of the page where there are words for its code, else in those of the engine. */
export function titleOf({ code, title }: Pick<Problem, 'code' | 'title'>, t: TFunction): string {
  return t(`problems:title.${code}`, { defaultValue: title });
}

/** The state of the meter; the sentences that most problems use are said in the language of the page. */
export function meterStateOf({ meterState }: Pick<Problem, 'meterState'>, t: TFunction): string {
  return t(`problems:meterState.${STATES.get(meterState) ?? ''}`, { defaultValue: meterState });
}

/** What to do next. A problem of the same code that says something else, such as with values in it, keeps its own words. */
export function nextStepOf({ code, nextStep }: Pick<Problem, 'code' | 'nextStep'>, t: TFunction): EngineWords {
  return NEXT_STEPS.get(code) === nextStep ? { text: t(`problems:nextStep.${code}`) } : { text: nextStep, lang: 'en' };
}

/** The reason or the fix of a gate; a sentence with values in it keeps the words of the engine. */
export function gateWordsOf(gate: GateId, sentence: string, t: TFunction): EngineWords {
  for (const group of [gate, 'any']) {
    const key = GATES.get(group)?.get(sentence);
    if (key !== undefined) return { text: t(`gates:${group}.${key}`) };
  }
  return { text: sentence, lang: 'en' };
}

function reversed(sentences: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(sentences).map(([key, sentence]) => [sentence, key]));
}
