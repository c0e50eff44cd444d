import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import domain from '../../../renderer/i18n/en/domain.json' with { type: 'json' };
import meters from '../../../renderer/i18n/en/meters.json' with { type: 'json' };
import ui from '../../../renderer/i18n/en/ui.json' with { type: 'json' };
import { sayFrom } from '../../../renderer/i18n/say.ts';

const texts = { domain, meters, ui };

describe('what is said without i18next', () => {
  it('is what i18next says, for every text without plurals', async () => {
    const i18n = createInstance();
    await i18n.init({
      lng: 'en',
      resources: { en: texts },
      ns: Object.keys(texts),
      interpolation: { escapeValue: false },
    });
    const say = sayFrom(texts);
    const keys = Object.entries(texts).flatMap(([namespace, found]) =>
      paths(found).map((path) => `${namespace}:${path}`),
    );
    expect(keys.length).toBeGreaterThan(100);
    const name = '<b>&"{{name}}$&';
    for (const key of keys.filter((one) => !/_(?:one|other)$/u.test(one))) {
      expect(say(key, { seconds: '+1.2' }), key).toBe(i18n.t(key, { seconds: '+1.2', skipOnVariables: true }));
    }
    expect(say('ui:table.select', { name })).toBe(`Select ${name}`);
  });

  it('is the key where there is no text', () => {
    const say = sayFrom(texts);
    for (const key of ['ui:nothing', 'nowhere:at.all', 'ui:table', '']) expect(say(key)).toBe(key);
  });
});

function paths(found: object): string[] {
  return Object.entries(found).flatMap(([name, inside]: [string, unknown]) =>
    typeof inside === 'object' && inside !== null ? paths(inside).map((path) => `${name}.${path}`) : [name],
  );
}
