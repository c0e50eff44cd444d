import { createInstance } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { withBlank } from '../../../renderer/i18n/blank.ts';

const i18n = createInstance();

beforeAll(() =>
  i18n.init({
    lng: 'en',
    interpolation: { escapeValue: false },
    resources: { en: { ui: { select: 'Select {{name}}', twice: '{{name}} or {{name}}', none: 'Select' } } },
  }),
);

describe('a text with a blank', () => {
  it.each([
    ['ui:select', 'Feeder 7', 'Select Feeder 7'],
    ['ui:select', '', 'Select '],
    ['ui:twice', 'a', 'a or a'],
    ['ui:none', 'a', 'Select'],
  ])('%s is filled with %j', (key, name, text) => {
    expect(withBlank(i18n.t, key, 'name')(name)).toBe(text);
    expect(i18n.t(key, { name })).toBe(text);
  });

  it('takes what a meter is called as it is', () => {
    const name = '{{name}} $t(ui:twice) <b>&amp;</b> $&';
    expect(withBlank(i18n.t, 'ui:select', 'name')(name)).toBe(`Select ${name}`);
  });
});
