import { describe, expect, it } from 'vitest';
import { meterProfile } from '../../../electron/meter/profile.ts';
import type { GateFacts, ReleaseFacts } from '../../../electron/upgrade/gates/facts.ts';
import { firmwareVersion } from '../../../shared/domain/firmware-version.ts';
import type { GateId } from '../../../shared/domain/gate.ts';
import { type IonSetupVersion, ionSetupVersion } from '../../../shared/domain/ion-setup-version.ts';
import { ok, problem } from '../../../shared/domain/problem.ts';
import { firmwarePackage, gateFacts, gateOf, IDENTITY } from './facts.ts';

/** From one version to another; null where it is not known. The release row is the one of the real profile. */
function step(from: string | null, to: string | null, minimumStart: string | null = null): GateFacts {
  const target = to === null ? null : firmwareVersion(to);
  const profile = meterProfile();
  if (!profile.ok) throw new Error(profile.problem.because);
  return gateFacts({
    identity: { ...IDENTITY, firmware: from === null ? null : firmwareVersion(from) },
    release: target === null ? null : (profile.value.release(target) ?? null),
    package: ok(
      firmwarePackage({
        targetVersion: target,
        minimumStart: minimumStart === null ? null : firmwareVersion(minimumStart),
      }),
    ),
  });
}

describe('target-newer', () => {
  it.each([
    ['4.0.0', '4.6.0', 'pass'],
    ['4.6.0', '4.6.0', 'block'],
    ['4.6.1', '4.6.0', 'block'],
    ['10.0.0', '9.9.9', 'block'],
    [null, '4.6.0', 'unknown'],
    ['4.0.0', null, 'unknown'],
  ])('%s to %s is %s', (from, to, verdict) => {
    expect(gateOf('target-newer', step(from, to)).verdict).toBe(verdict);
  });

  it('says that there is nothing to do when the meter has it', () => {
    expect(gateOf('target-newer', step('4.6.0', '4.6.0')).because).toContain('nothing to do');
  });

  it('does not trust a version on which the package contradicts itself', () => {
    const problems = [
      problem({
        code: 'package/contradictory-versions',
        title: 'Two versions',
        because: '4.6.0 and 4.5.0.',
        nextStep: 'x',
      }),
    ];
    const facts = gateFacts({ package: ok(firmwarePackage({ problems })) });
    expect(gateOf('target-newer', facts)).toMatchObject({
      verdict: 'unknown',
      because: 'Two versions: 4.6.0 and 4.5.0.',
    });
  });
});

describe('minimum-start-version', () => {
  it.each([
    ['2.0.9', '3.0.0', 'block'],
    ['2.1.0', '3.0.0', 'pass'],
    ['2.0.9', '3.1.0', 'block'],
    ['1.4.1', '4.6.0', 'block'],
    ['2.1.0', '4.6.0', 'unknown'],
    ['3.0.0', '4.0.0', 'unknown'],
    ['3.9.9', '4.6.0', 'unknown'],
    ['4.0.0', '4.6.0', 'pass'],
    ['4.5.0', '4.6.0', 'pass'],
    ['1.4.1', '2.1.0', 'pass'],
    [null, '4.6.0', 'unknown'],
    ['4.0.0', null, 'unknown'],
  ])('%s to %s is %s', (from, to, verdict) => {
    expect(gateOf('minimum-start-version', step(from, to)).verdict).toBe(verdict);
  });

  it('names every documented step of the way', () => {
    expect(gateOf('minimum-start-version', step('1.4.1', '4.6.0')).fix).toBe(
      'Upgrade in steps: first to 2.1.0 or later, then to 3.0.0, then to 4.6.0.',
    );
  });

  it('honours what the image itself says, both ways', () => {
    expect(gateOf('minimum-start-version', step('3.0.0', '4.6.0', '4.0.0')).verdict).toBe('block');
    expect(gateOf('minimum-start-version', step('3.0.0', '4.6.0', '2.1.0')).verdict).toBe('pass');
    expect(gateOf('minimum-start-version', step('2.0.0', '4.6.0', '1.0.0')).verdict).toBe('block');
  });

  it('honours the release table', () => {
    const facts = step('3.0.0', '4.6.0');
    const release: ReleaseFacts = {
      minimumStart: firmwareVersion('4.0.0'),
      minimumIonSetup: null,
      ionSetupIs: null,
      irreversible: null,
    };
    expect(gateOf('minimum-start-version', { ...facts, release }).verdict).toBe('block');
  });
});

describe('irreversible', () => {
  it('has the serial number typed from 4.0.0 on, also for a step among 4.x', () => {
    for (const facts of [step('3.0.0', '4.0.0'), step('4.0.0', '4.6.0'), step('4.0.0', '4.3.0')]) {
      expect(gateOf('irreversible', facts)).toMatchObject({ verdict: 'warn', confirm: IDENTITY.serial });
    }
  });

  it('passes below 4.0.0 unless the release table says otherwise', () => {
    expect(gateOf('irreversible', step('2.1.0', '3.0.0')).verdict).toBe('pass');
    const release: ReleaseFacts = { minimumStart: null, minimumIonSetup: null, ionSetupIs: null, irreversible: true };
    expect(gateOf('irreversible', { ...step('2.1.0', '3.0.0'), release }).verdict).toBe('warn');
  });

  it('is unknown, with the same confirmation, when the version is not known', () => {
    expect(gateOf('irreversible', step('3.0.0', null))).toMatchObject({
      verdict: 'unknown',
      confirm: IDENTITY.serial,
    });
  });

  it.each([null, '', '   ', 'line\nbreak', '\u202Egnp', 'x'.repeat(41), 'Größe'])(
    'asks for a text that can be typed when the serial number is %j',
    (serial) => {
      const facts = { ...step('4.0.0', '4.6.0'), identity: { ...IDENTITY, serial } };
      expect(gateOf('irreversible', facts).confirm).toBe('4.6.0 cannot be undone');
    },
  );

  it('asks for the serial number without the blanks around it, which no answer could match', () => {
    const facts = { ...step('4.0.0', '4.6.0'), identity: { ...IDENTITY, serial: '  AB 12  ' } };
    expect(gateOf('irreversible', facts).confirm).toBe('AB 12');
  });
});

describe('what is not the main firmware', () => {
  const ids: readonly GateId[] = [
    'target-newer',
    'minimum-start-version',
    'irreversible',
    'ion-setup',
    'feature-notes',
  ];
  it.each(['option-module', 'remote-display', 'web-pages', 'cid'] as const)(
    'passes the gates of versions: %s',
    (target) => {
      const facts = { ...step('4.6.0', '4.6.0'), target };
      for (const id of ids) expect(gateOf(id, facts).verdict).toBe('pass');
    },
  );
});

describe('ion-setup', () => {
  function found(text: string): Partial<GateFacts> {
    return { ionSetup: { kind: 'found', path: 'C:\\x.exe', version: ionSetupVersion(text), how: 'registry' } };
  }
  const missing: Partial<GateFacts> = { ionSetup: { kind: 'missing', because: 'Not on this PC.' } };
  const direct: Partial<GateFacts> = { channel: 'sftp-direct' };

  function asking(
    ofPackage: string | null,
    ofRelease: string | null,
    ionSetupIs: ReleaseFacts['ionSetupIs'] = 'required',
  ) {
    const parse = (text: string | null): IonSetupVersion | null => (text === null ? null : ionSetupVersion(text));
    return {
      package: ok(firmwarePackage({ minimumIonSetup: parse(ofPackage) })),
      release: { minimumStart: null, minimumIonSetup: parse(ofRelease), ionSetupIs, irreversible: null },
    };
  }

  it.each([
    ['3.2.25037.01', 'pass'],
    ['3.2.25037.02', 'pass'],
    ['3.2.25037.00', 'block'],
    ['3.2.22341.01', 'block'],
    ['3.3.10001.00', 'pass'],
    ['3.2.30377.02', 'warn'],
    ['2.9.30377.02', 'block'],
  ])('%s is %s where it carries the upgrade', (version, verdict) => {
    expect(gateOf('ion-setup', gateFacts(found(version))).verdict).toBe(verdict);
  });

  it('blocks a missing or old one only where it carries the upgrade', () => {
    expect(gateOf('ion-setup', gateFacts(missing)).verdict).toBe('block');
    expect(gateOf('ion-setup', gateFacts({ ...missing, ...direct })).verdict).toBe('warn');
    expect(gateOf('ion-setup', gateFacts({ ...found('3.2.22341.01'), ...direct })).verdict).toBe('warn');
  });

  it('asks for the higher of what the package and the release table say', () => {
    const have = found('3.2.23100.01');
    expect(gateOf('ion-setup', gateFacts({ ...have, ...asking('3.2.22341.01', '3.2.25037.01') })).verdict).toBe(
      'block',
    );
    expect(gateOf('ion-setup', gateFacts({ ...have, ...asking('3.2.25037.01', '3.2.22341.01') })).verdict).toBe(
      'block',
    );
    expect(gateOf('ion-setup', gateFacts({ ...have, ...asking(null, '3.2.22341.01') })).verdict).toBe('pass');
  });

  it('only warns below a version that the vendor recommends', () => {
    const have = found('3.2.20001.01');
    expect(gateOf('ion-setup', gateFacts({ ...have, ...asking(null, '3.2.20218.01', 'recommended') })).verdict).toBe(
      'warn',
    );
    expect(gateOf('ion-setup', gateFacts({ ...have, ...asking(null, '3.2.20218.01', null) })).verdict).toBe('block');
  });

  it('is unknown when nobody says which version is needed, and only where it matters', () => {
    const nothing = asking(null, null);
    expect(gateOf('ion-setup', gateFacts(nothing)).verdict).toBe('unknown');
    expect(gateOf('ion-setup', gateFacts({ ...nothing, ...direct })).verdict).toBe('pass');
  });

  it('says who attests a version', () => {
    const attested: Partial<GateFacts> = {
      ionSetup: { kind: 'attested', version: ionSetupVersion('3.2.25037.01'), by: 'Ada' },
    };
    expect(gateOf('ion-setup', gateFacts(attested))).toMatchObject({
      verdict: 'pass',
      because: expect.stringContaining('as Ada attests'),
    });
  });
});

describe('feature-notes', () => {
  it.each([
    ['essential', 'at most 10 data recorders'],
    ['standard', 'at most 19 data recorders'],
    ['advanced', 'at most 19 data recorders'],
    ['unknown', '19 data recorders (10 on Essential'],
  ] as const)('tells the limit of %s and stops nothing', (featureSet, words) => {
    const facts = gateFacts({ identity: { ...IDENTITY, featureSet } });
    expect(gateOf('feature-notes', facts)).toMatchObject({ verdict: 'pass', because: expect.stringContaining(words) });
  });

  it('is silent on steps that do not cross 4.6.0', () => {
    for (const facts of [step('3.0.0', '4.0.0'), step('4.6.0', '4.7.0')]) {
      expect(gateOf('feature-notes', facts).because).toBe('No change of limits is known for this step.');
    }
    expect(gateOf('feature-notes', step('4.0.0', '4.7.0')).because).toContain('Insert Outage Records');
  });
});
