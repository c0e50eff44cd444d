import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../renderer/i18n/languages.ts';
import { texts } from '../../../renderer/i18n/texts.ts';
import { BACKUP_ITEM_IDS, BACKUP_ITEM_STATES } from '../../../shared/domain/backup.ts';
import { CAPABILITY_IDS, CAPABILITY_STATES } from '../../../shared/domain/capability.ts';
import { CHANGE_CHANNELS, CHANGE_OUTCOMES, CONSEQUENCE_IDS, SETTING_AREAS } from '../../../shared/domain/change.ts';
import { FEATURE_SETS } from '../../../shared/domain/feature-set.ts';
import { FIRMWARE_STATUSES } from '../../../shared/domain/firmware-status.ts';
import { GATE_IDS, GATE_VERDICTS } from '../../../shared/domain/gate.ts';
import { UPGRADE_CHANNELS, UPGRADE_STATES, UPGRADE_TARGETS } from '../../../shared/domain/job.ts';
import { DEVICE_MODES } from '../../../shared/domain/settings/bacnet.ts';
import { PASSWORD_OUTCOMES } from '../../../shared/domain/settings/passwords/change.ts';
import { PASSWORD_RULE_IDS } from '../../../shared/domain/settings/passwords/check.ts';
import { PASSWORD_CLIENTS } from '../../../shared/domain/settings/passwords/clients.ts';
import { COMPLEXITIES } from '../../../shared/domain/settings/passwords/policy.ts';
import { RIGHTS, ROLES } from '../../../shared/domain/settings/passwords/rights.ts';
import { PASSWORD_STATES } from '../../../shared/domain/settings/passwords/users.ts';
import { RECORD_MODES } from '../../../shared/domain/settings/recorders/recorder.ts';
import { RULE_IDS } from '../../../shared/domain/settings/rule-row.ts';
import { VERDICTS } from '../../../shared/domain/verdict.ts';
import { keysIn, literalsIn, sourcesOfPage, textsOf } from './texts.ts';

const english = textsOf('en');
const namespaces = new Set([...english.keys()].map((key) => key.split(':', 1)[0] ?? ''));

describe('the texts of the page', () => {
  it.each(Object.keys(LANGUAGES).filter((language) => language !== 'en'))('are the same keys in %s', (language) => {
    expect([...textsOf(language).keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each(Object.keys(LANGUAGES))('have the same placeholders in %s', (language) => {
    const holders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    const differing = [...textsOf(language)].filter(
      ([key, text]) => holders(text).join() !== holders(english.get(key) ?? '').join(),
    );
    expect(differing).toEqual([]);
  });

  it('are never empty', () => {
    expect([...english, ...textsOf('de')].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(Object.entries(texts))('are all registered in %s', async (_language, load) => {
    expect(Object.keys(await load()).sort()).toEqual([...namespaces].sort());
  });

  it('exist for every key that the code names', () => {
    const known = new Set([...english.keys()].map((key) => key.replace(/_(one|other)$/, '')));
    const isText = (key: string) => namespaces.has(key.split(':', 1)[0] ?? '');
    const missing = sourcesOfPage().flatMap(({ file, text }) => {
      const { whole, beginnings } = keysIn(text);
      const bad = [
        ...whole.filter((key) => isText(key) && !known.has(key)),
        ...beginnings.filter((start) => isText(start) && ![...known].some((key) => key.startsWith(start))),
      ];
      return bad.map((key) => `${file}: ${key}`);
    });
    expect(missing).toEqual([]);
  });

  it('exist for every word of the domain', () => {
    const words: Readonly<Record<string, readonly string[]>> = {
      'domain:gate': GATE_IDS,
      'domain:verdict': [...VERDICTS, ...GATE_VERDICTS],
      'domain:capability': CAPABILITY_IDS,
      'domain:capabilityState': CAPABILITY_STATES,
      'domain:item': BACKUP_ITEM_IDS,
      'domain:itemState': BACKUP_ITEM_STATES,
      'domain:state': UPGRADE_STATES,
      'domain:channel': UPGRADE_CHANNELS,
      'domain:target': UPGRADE_TARGETS,
      'domain:featureSet': FEATURE_SETS,
      'ui:firmware': FIRMWARE_STATUSES,
      'ui:firmware.why': FIRMWARE_STATUSES,
      'meter:take.contents': BACKUP_ITEM_IDS,
      'rules:area': SETTING_AREAS,
      'rules:channel': CHANGE_CHANNELS,
      'rules:outcome': CHANGE_OUTCOMES,
      'rules:consequence': CONSEQUENCE_IDS,
      'rules:rule': RULE_IDS,
      'rules:complexity': COMPLEXITIES,
      'rules:deviceMode': DEVICE_MODES,
      'rules:recordMode': RECORD_MODES,
      'rules:password': PASSWORD_RULE_IDS,
      'rules:client': PASSWORD_CLIENTS,
      'rules:clientLimit': ['limited', 'as-meter', 'not-documented', 'no-password'],
      'rules:passwordState': PASSWORD_STATES,
      'passwords:outcome': PASSWORD_OUTCOMES,
      'rules:right': RIGHTS,
      'rules:role': ROLES,
    };
    const missing = Object.entries(words).flatMap(([start, ids]) =>
      ids.map((id) => `${start}.${id}`).filter((key) => !english.has(key)),
    );
    expect(missing).toEqual([]);
  });
});

describe('words outside i18n', () => {
  it('are found by the scanner', () => {
    expect(literalsIn('<p>Something went wrong</p>')).toEqual(['Something went wrong']);
    expect(literalsIn('<p>\n  Hello {name}\n</p>')).toEqual(['Hello']);
    expect(literalsIn('<TextInput label="Address" />')).toEqual(['Address']);
    expect(literalsIn("<p>{t('ui:cancel')}</p>")).toEqual([]);
    expect(literalsIn('const found: Map<string, number> = new Map<string, number>();')).toEqual([]);
    expect(literalsIn('// <p>Not code</p>')).toEqual([]);
  });

  it('are nowhere in the page', () => {
    const found = sourcesOfPage()
      .filter(({ file }) => file.endsWith('.tsx'))
      .flatMap(({ file, text }) => literalsIn(text).map((literal) => `${file}: ${literal}`));
    expect(found).toEqual([]);
  });
});
