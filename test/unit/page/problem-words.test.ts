import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance, type i18n } from 'i18next';
import { describe, expect, it } from 'vitest';
import { english } from '../../../renderer/i18n/english.ts';
import { german } from '../../../renderer/i18n/german.ts';
import { meterStateOf, titleOf } from '../../../renderer/ui/problem-words.ts';
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

/** Every title that the source gives to a code, as it is written there. */
function titlesInSource(): ReadonlyMap<string, ReadonlySet<string>> {
  const titles = new Map<string, Set<string>>();
  for (const folder of ['electron', 'shared', 'renderer']) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name)) continue;
      const source = readFileSync(join(folder, name), 'utf8');
      for (const [, code = '', title = ''] of source.matchAll(/code: '([a-z0-9-]+\/[a-z0-9-]+)',\s*title: (.+?),\n/g))
        titles.set(code, (titles.get(code) ?? new Set()).add(title));
    }
  }
  return titles;
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

  it('knows every sentence for the state of the meter', () => {
    expect(english.problems.meterState).toEqual(METER_STATE);
  });
});
