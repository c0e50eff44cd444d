import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance, type i18n } from 'i18next';
import { describe, expect, it } from 'vitest';
import { english } from '../../../renderer/i18n/english.ts';
import { german } from '../../../renderer/i18n/german.ts';
import { gateWordsOf, meterStateOf, nextStepOf, titleOf } from '../../../renderer/ui/problem-words.ts';
import { GATE_IDS } from '../../../shared/domain/gate.ts';
import { METER_STATE } from '../../../shared/domain/problem.ts';

/** Problems that a technician meets on an ordinary day: these have words of their own in every language. */
const FREQUENT = [
  'modbus/timeout',
  'modbus/refused',
  'modbus/unreachable',
  'modbus/closed',
  'sftp/wrong-credentials',
  'sftp/busy',
  'sftp/refused',
  'sftp/unreachable',
  'dlms/wrong-secret',
  'dlms/refused',
  'dlms/unreachable',
  'meter/no-credentials',
  'meter/not-recognised',
  'package/bare-image',
  'package/hash-mismatch',
  'backup/cancelled',
  'backup/under-way',
  'inventory/locked',
  'upgrade/other-meter',
  'upgrade/meter-silent',
  'upgrade/nothing-to-do',
] as const;

function sources(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
}

/** Every title that the source gives to a code, as it is written there. */
function titlesInSource(): ReadonlyMap<string, ReadonlySet<string>> {
  const titles = new Map<string, Set<string>>();
  for (const source of sources('electron', 'shared', 'renderer'))
    for (const [, code = '', title = ''] of source.matchAll(/code: '([a-z0-9-]+\/[a-z0-9-]+)',\s*title: (.+?),\n/g))
      titles.set(code, (titles.get(code) ?? new Set()).add(title));
  return titles;
}

/** Every next step that the source gives to a code, as it is written there. */
function nextStepsInSource(): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = new Map<string, Set<string>>();
  const pattern = /code: '([a-z0-9-]+\/[a-z0-9-]+)',\s*title: [^\n]+,\n(?:(?!code: ').)*?nextStep:\s*(.+?),\n/gs;
  for (const source of sources('electron', 'shared', 'renderer'))
    for (const [, code = '', step = ''] of source.matchAll(pattern))
      steps.set(code, (steps.get(code) ?? new Set()).add(step));
  return steps;
}

/** The sentences without values that stand in the source of a gate, or of what all of them share. */
function sentencesOfGate(gate: string): ReadonlySet<string> {
  const file = gate === 'any' ? 'gate' : gate;
  const source = readFileSync(join('electron', 'upgrade', 'gates', `${file}.ts`), 'utf8').replaceAll(
    /^\s*(\/\/|\*|\/\*).*$/gm,
    '',
  );
  const literals = [...source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"([^"\n]*)"/g)].map(
    ([, a = '', b]) => b ?? a.replaceAll("\\'", "'"),
  );
  return new Set(literals.filter((text) => /^[A-Z].*\.$/.test(text)));
}

async function speaking(lng: string): Promise<i18n['t']> {
  const texts = createInstance();
  await texts.init({ lng, resources: { en: english, de: german }, ns: Object.keys(english), fallbackLng: 'en' });
  return texts.t;
}

describe('a problem in the language of the page', () => {
  it('has one title in the whole source for each code that is translated, and English says exactly that', () => {
    const inSource = titlesInSource();
    const wrong = Object.entries(english.problems.title).filter(([code, title]) => {
      const found = [...(inSource.get(code) ?? [])];
      return found.length !== 1 || found[0] !== `'${title}'`;
    });
    expect(wrong).toEqual([]);
  });

  it('has words for the frequent ones', () => {
    expect(FREQUENT.filter((code) => !(code in german.problems.title))).toEqual([]);
  });

  it('keeps the words of the engine where there are none', async () => {
    const t = await speaking('de');
    expect(titleOf({ code: 'modbus/timeout', title: 'The meter did not answer' }, t)).toBe(
      'Der Zähler hat nicht geantwortet',
    );
    expect(titleOf({ code: 'other/code', title: 'Words: of {{the}} engine' }, t)).toBe('Words: of {{the}} engine');
    expect(meterStateOf({ meterState: METER_STATE.untouched }, t)).toBe('In den Zähler wurde nichts geschrieben.');
    expect(meterStateOf({ meterState: 'The image is on the meter.' }, t)).toBe('The image is on the meter.');
  });

  it('has one next step in the whole source for each code whose next step is translated, and English says exactly that', () => {
    const inSource = nextStepsInSource();
    const wrong = Object.entries(english.problems.nextStep).filter(([code, step]) => {
      const found = [...(inSource.get(code) ?? [])];
      return found.length !== 1 || found[0] !== `'${step}'`;
    });
    expect(wrong).toEqual([]);
  });

  it('says a next step in German only where it is the one that is translated', async () => {
    const t = await speaking('de');
    const nextStep = english.problems.nextStep['job/ended'];
    expect(nextStepOf({ code: 'job/ended', nextStep }, t)).toEqual({ text: german.problems.nextStep['job/ended'] });
    expect(nextStepOf({ code: 'job/ended', nextStep: 'Wait 5 min.' }, t)).toEqual({ text: 'Wait 5 min.', lang: 'en' });
    expect(nextStepOf({ code: 'other/code', nextStep }, t)).toEqual({ text: nextStep, lang: 'en' });
  });

  it('knows every sentence for the state of the meter', () => {
    expect(english.problems.meterState).toEqual(METER_STATE);
  });
});

describe('a gate in the language of the page', () => {
  it.each([...GATE_IDS, 'any'] as const)(
    '%s: has words for every sentence without values, and for nothing else',
    (gate) => {
      const translated = Object.values(english.gates[gate]);
      expect([...translated].sort()).toEqual([...sentencesOfGate(gate)].sort());
      expect(new Set(translated).size).toBe(translated.length);
    },
  );

  it('keeps the words of the engine where a sentence has values, and says that they are English', async () => {
    const t = await speaking('de');
    const [locked, values] = [
      english.gates['revenue-lock'].locked,
      'The meter runs 4.6.0 already: there is nothing to do.',
    ];
    expect(gateWordsOf('revenue-lock', locked, t)).toEqual({ text: german.gates['revenue-lock'].locked });
    expect(gateWordsOf('package-hash', english.gates.any.unreadable, t)).toEqual({ text: german.gates.any.unreadable });
    expect(gateWordsOf('target-newer', values, t)).toEqual({ text: values, lang: 'en' });
    expect(gateWordsOf('laptop', locked, t)).toEqual({ text: locked, lang: 'en' });
  });
});
