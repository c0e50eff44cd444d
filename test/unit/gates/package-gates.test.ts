import { describe, expect, it } from 'vitest';
import type { FirmwarePackage } from '../../../electron/firmware/types.ts';
import type { GateFacts } from '../../../electron/upgrade/gates/facts.ts';
import type { GateId } from '../../../shared/domain/gate.ts';
import { fail, ok, problem } from '../../../shared/domain/problem.ts';
import { firmwarePackage, gateFacts, gateOf, IDENTITY } from './facts.ts';

const PACKAGE_GATES: readonly GateId[] = ['package-format', 'package-hash', 'package-signature', 'model-fits'];

function withPackage(changes: Partial<Omit<FirmwarePackage, 'image'>>, more: Partial<GateFacts> = {}): GateFacts {
  return gateFacts({ package: ok(firmwarePackage(changes)), ...more });
}

function packageProblem(code: string, because = 'This is why.') {
  return problem({ code, title: 'A title', because, nextStep: 'Do this.' });
}

describe('package-format', () => {
  it('passes a zip with the image', () => {
    expect(gateOf('package-format', gateFacts())).toMatchObject({
      verdict: 'pass',
      because: expect.stringContaining('ION7400_V004.006.000.upx'),
    });
  });

  it('blocks a bare main image and says what it would cost', () => {
    const gate = gateOf('package-format', withPackage({ format: 'bare-image' }));
    expect(gate.verdict).toBe('block');
    expect(gate.because).toMatch(/minimum version of ION Setup.*loses register values.*template/);
  });

  it('lets a bare image of an option module through, which ION Setup does not carry', () => {
    const problems = [packageProblem('package/bare-image')];
    const facts = withPackage({ format: 'bare-image', problems }, { target: 'option-module', channel: 'sftp-direct' });
    expect(gateOf('package-format', facts).verdict).toBe('pass');
  });

  it('blocks a package that cannot be read, with its own reason and way out, and the others are unknown', () => {
    const facts = gateFacts({
      package: fail({
        code: 'package/truncated',
        title: 'Cut short',
        because: 'It ends early.',
        nextStep: 'Get it again.',
      }),
    });
    expect(gateOf('package-format', facts)).toMatchObject({
      verdict: 'block',
      because: 'Cut short: It ends early.',
      fix: 'Get it again.',
    });
    for (const id of PACKAGE_GATES.slice(1)) expect(gateOf(id, facts).verdict).toBe('unknown');
  });

  it('blocks an upgrade without any package', () => {
    expect(gateOf('package-format', gateFacts({ package: null })).verdict).toBe('block');
  });

  it('blocks a package without what is to be sent', () => {
    const facts = gateFacts({ target: 'remote-display' });
    expect(gateOf('package-format', facts)).toMatchObject({
      verdict: 'block',
      because: 'The package holds no firmware of the remote display.',
    });
  });

  it.each(['package/unsafe-path', 'package/bomb', 'package/no-image', 'package/invented-tomorrow'])(
    'blocks %s',
    (code) => {
      const gate = gateOf('package-format', withPackage({ problems: [packageProblem(code)] }));
      expect(gate).toMatchObject({ verdict: 'block', fix: 'Do this.' });
    },
  );

  it('does not block on a workbook that cannot be imported', () => {
    const facts = withPackage({ problems: [packageProblem('site-map/no-table')] });
    expect(gateOf('package-format', facts).verdict).toBe('pass');
  });

  it('minds several main images only where one is sent', () => {
    const problems = [packageProblem('package/several-main-images')];
    expect(gateOf('package-format', withPackage({ problems })).verdict).toBe('block');
    expect(gateOf('package-format', withPackage({ problems }, { target: 'option-module' })).verdict).toBe('pass');
  });

  it('keeps text that hides or reorders other text out of its sentences', () => {
    const because = `\u202Elive\u0000\u001B[31m${'x'.repeat(5000)}`;
    const gate = gateOf('package-format', withPackage({ problems: [packageProblem('package/odd', because)] }));
    expect(gate.because).not.toMatch(/\p{Cc}|\p{Cf}/u);
    expect(gate.because.length).toBeLessThanOrEqual(500);
  });

  it.each(['web-pages', 'cid'] as const)('has nothing to check for %s', (target) => {
    for (const id of PACKAGE_GATES) expect(gateOf(id, gateFacts({ package: null, target })).verdict).toBe('pass');
  });
});

describe('package-hash', () => {
  const image = { path: 'a.upx', role: 'main-image', size: 1, sha256: 'ab'.repeat(32) } as const;
  const template = { path: 't.dcf', role: 'template', size: 1, sha256: 'cd'.repeat(32) } as const;

  it('passes with the hash that was compared', () => {
    const gate = gateOf('package-hash', withPackage({ members: [{ ...image, listed: 'matches' }] }));
    expect(gate).toMatchObject({ verdict: 'pass', because: expect.stringContaining('ab'.repeat(32)) });
  });

  it('blocks when the image, or any other file, does not have its hash', () => {
    const differs = withPackage({ members: [{ ...image, listed: 'differs' }] });
    expect(gateOf('package-hash', differs).verdict).toBe('block');
    const members = [
      { ...image, listed: 'matches' },
      { ...template, listed: 'differs' },
    ] as const;
    expect(gateOf('package-hash', withPackage({ members }))).toMatchObject({
      verdict: 'block',
      because: expect.stringContaining('t.dcf'),
    });
  });

  it.each(['package/listed-missing', 'package/hash-mismatch'])('blocks on %s', (code) => {
    expect(gateOf('package-hash', withPackage({ problems: [packageProblem(code)] })).verdict).toBe('block');
  });

  it('warns when no list names the image, with the hash to compare by hand', () => {
    const gate = gateOf('package-hash', withPackage({ members: [{ ...image, listed: 'not-listed' }] }));
    expect(gate).toMatchObject({ verdict: 'warn', because: expect.stringContaining('ab'.repeat(32)) });
  });

  it('does not know without an image', () => {
    expect(gateOf('package-hash', withPackage({ members: [] })).verdict).toBe('unknown');
  });
});

describe('package-signature', () => {
  it.each([
    ['verified', 'pass'],
    ['meter-checks-it', 'pass'],
    ['invalid', 'block'],
    ['no-image', 'unknown'],
  ] as const)('%s is %s', (signature, verdict) => {
    expect(gateOf('package-signature', withPackage({ signature })).verdict).toBe(verdict);
  });

  it('does not claim to have checked what only the meter can check', () => {
    expect(gateOf('package-signature', gateFacts()).because).toContain('this tool cannot check it');
  });
});

describe('model-fits', () => {
  it('passes the same model in any case', () => {
    expect(gateOf('model-fits', withPackage({ model: 'ion7400' })).verdict).toBe('pass');
  });

  it('blocks another model', () => {
    expect(gateOf('model-fits', withPackage({ model: 'PM8000' }))).toMatchObject({
      verdict: 'block',
      because: 'The package is for PM8000; the meter is ION7400.',
    });
  });

  it('blocks a simulated package on a real meter and a real one on a simulated meter, even when the models fit', () => {
    expect(gateOf('model-fits', withPackage({ simulated: true })).verdict).toBe('block');
    const simulated = { ...IDENTITY, simulated: true };
    expect(gateOf('model-fits', gateFacts({ identity: simulated })).verdict).toBe('block');
    expect(gateOf('model-fits', withPackage({ simulated: true }, { identity: simulated })).verdict).toBe('pass');
  });

  it('has the serial number typed when either model is not known', () => {
    const gates = [
      gateOf('model-fits', withPackage({ model: null })),
      gateOf('model-fits', gateFacts({ identity: { ...IDENTITY, model: null } })),
    ];
    for (const gate of gates) expect(gate).toMatchObject({ verdict: 'unknown', confirm: IDENTITY.serial });
    const nothing = withPackage({ model: null }, { identity: { ...IDENTITY, model: '', serial: null } });
    expect(gateOf('model-fits', nothing)).toMatchObject({ verdict: 'unknown', confirm: 'the model was compared' });
  });
});
