import { describe, expect, it } from 'vitest';
import { licenceAllowed, licenceProblems } from '../../../scripts/check-licences.mjs';

const nothingInstalled = () => undefined;

describe('the check of licences', () => {
  it.each(['MIT', '(MIT OR CC0-1.0)', 'GPL-3.0-only OR MIT', 'MIT AND ISC', 'BSD-3-Clause'])(
    'allows %s',
    (expression) => {
      expect(licenceAllowed(expression)).toBe(true);
    },
  );

  it.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'BUSL-1.1',
    'SEE LICENSE IN LICENSE.md',
    'UNLICENSED',
    '',
    '()',
    'MIT OR GPL-2.0-only AND BUSL-1.1',
  ])('refuses "%s"', (expression) => {
    expect(licenceAllowed(expression)).toBe(false);
  });

  it('finds a package with a foreign licence, at any depth', () => {
    const packages = {
      '': {},
      'node_modules/a': { license: 'MIT' },
      'node_modules/a/node_modules/@b/c': { license: 'GPL-2.0' },
    };
    expect(licenceProblems(packages, nothingInstalled)).toEqual(['@b/c: licence GPL-2.0 is not on the list']);
  });

  it('reads the old form of a licence from the installed package', () => {
    const packages = { 'node_modules/a': {} };
    expect(licenceProblems(packages, () => ({ licenses: [{ type: 'MIT' }] }))).toEqual([]);
    expect(licenceProblems(packages, () => ({ licenses: [{ type: 'LGPL-2.1' }] }))).toHaveLength(1);
    expect(licenceProblems(packages, nothingInstalled)).toEqual(['a: licence unknown is not on the list']);
  });

  it('accepts the licence of a tool only for that tool, and only outside the product', () => {
    const locked = { license: 'MPL-2.0', dev: true };
    expect(licenceProblems({ 'node_modules/lightningcss': locked }, nothingInstalled)).toEqual([]);
    expect(licenceProblems({ 'node_modules/lightningcss': { license: 'MPL-2.0' } }, nothingInstalled)).toHaveLength(1);
    expect(licenceProblems({ 'node_modules/other': locked }, nothingInstalled)).toHaveLength(1);
  });

  it('finds an install script that nobody has looked at', () => {
    const packages = {
      'node_modules/ssh2': { license: 'MIT', hasInstallScript: true },
      'node_modules/surprise': { license: 'MIT', hasInstallScript: true },
    };
    expect(licenceProblems(packages, nothingInstalled)).toEqual([
      expect.stringContaining('surprise has an install script'),
    ]);
  });
});
