import type { TFunction } from 'i18next';
import { METER_STATE, type Problem } from '../../shared/domain/problem.ts';

const STATES = new Map<string, string>(Object.entries(METER_STATE).map(([key, words]) => [words, key]));

/** What happened, in the language of the page where there are words for its code, else in those of the engine. */
export function titleOf({ code, title }: Pick<Problem, 'code' | 'title'>, t: TFunction): string {
  return t(`problems:title.${code}`, { defaultValue: title });
}

/** The state of the meter; the sentences that most problems use are said in the language of the page. */
export function meterStateOf({ meterState }: Pick<Problem, 'meterState'>, t: TFunction): string {
  return t(`problems:meterState.${STATES.get(meterState) ?? ''}`, { defaultValue: meterState });
}
