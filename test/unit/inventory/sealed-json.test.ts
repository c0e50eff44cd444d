import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSealed, sealedJson } from '../../../electron/inventory/sealed-json.ts';
import { version } from '../../../package.json';

it('is JSON with the seal as its last word', () => {
  const text = sealedJson({ format: 'x/1', list: [1, { a: '</script>' }] });
  const { seal, ...content } = JSON.parse(text) as Record<string, unknown>;
  expect(content).toEqual({ format: 'x/1', list: [1, { a: '</script>' }] });
  expect(seal).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')} [0-9a-f]{64}$`));
  expect(isSealed(text)).toBe(true);
});

it('is whole only to the letter', () => {
  const content = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(content, fc.nat(), fc.integer({ min: 1, max: 0xffff }), (value, at, by) => {
      const text = sealedJson(value);
      expect(isSealed(text)).toBe(true);
      const place = at % text.length;
      const other = String.fromCharCode((text.charCodeAt(place) + by) % 0x10000);
      fc.pre(other !== text[place]);
      expect(isSealed(`${text.slice(0, place)}${other}${text.slice(place + 1)}`)).toBe(false);
      expect(isSealed(text.slice(0, place))).toBe(false);
    }),
  );
});

it.each(['', '{}', ',\n  "seal": "', `{${',\n  "seal": "'}${version} 00"\n}\n`, '{"seal": "0.1.0"}'])(
  'does not take %j for sealed',
  (text) => {
    expect(isSealed(text)).toBe(false);
  },
);

it('is not that of another version', () => {
  expect(isSealed(sealedJson({ a: 1 }).replace(`"${version} `, '"0.0.1 '))).toBe(false);
});
