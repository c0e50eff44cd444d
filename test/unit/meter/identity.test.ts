import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMeter } from '../../../electron/meter/meter.ts';
import type { MeterIdentity } from '../../../shared/domain/identity.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import { ADDRESS, type FakeOptions, failure, fakeMeter, fakeRegisters, meterRegisters, NO_HOST_KEYS } from './fakes.ts';

async function identify(options: FakeOptions) {
  const fake = fakeMeter(options);
  const meter = openMeter({ address: ADDRESS, hostKeys: NO_HOST_KEYS, connectors: fake.connectors });
  const identity = await meter.identify();
  await meter.close();
  expect(fake.openConnections()).toBe(0);
  expect(fake.log).not.toContain('WRITE');
  return { identity, fake };
}

function value(result: Result<MeterIdentity>): MeterIdentity {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.because}`);
  return result.value;
}

describe('identify', () => {
  it('reads a real meter, in two requests', async () => {
    const { identity, fake } = await identify({ registers: meterRegisters(), reference: ok('METSEION7400') });
    expect(value(identity)).toEqual({
      name: 'Feeder 12',
      model: 'ION7400',
      serial: 'MT-2101A017-02',
      firmware: { major: 4, minor: 6, patch: 0 },
      productId: 18_000,
      commercialReference: 'METSEION7400',
      manufacturer: 'Schneider Electric',
      featureSet: 'unknown',
      simulated: false,
    });
    expect(fake.reads).toEqual([
      { address: 29, count: 99 },
      { address: 1716, count: 6 },
    ]);
  });

  it('knows a simulated meter by its own words, and only then reads what only simulated meters have', async () => {
    const registers = meterRegisters({ model: 'ION7400 SIMULATED' }).words(61_001, 2);
    const { identity } = await identify({ registers });
    expect(value(identity)).toMatchObject({ model: 'ION7400', simulated: true, featureSet: 'standard' });

    for (const model of ['ION7400', 'ION7400 SIMULATEDX', 'ION7400 simulated', 'UNSIMULATED']) {
      const { identity: real, fake } = await identify({ registers: meterRegisters({ model }).words(61_001, 2) });
      expect(value(real)).toMatchObject({ simulated: false, featureSet: 'unknown' });
      expect(fake.reads.filter(({ address, count }) => address + count > 60_000)).toEqual([]);
    }
  });

  it.each([0, 4, 0xffff, 0x8000])('does not guess a feature set from the code %i', async (code) => {
    const registers = meterRegisters({ model: 'ION7400 SIMULATED' }).words(61_001, code);
    expect(value((await identify({ registers })).identity).featureSet).toBe('unknown');
  });

  it('leaves out what is not mapped, padded with blanks, or not a version', async () => {
    const registers = fakeRegisters().text(50, 20, 'PM8000').text(117, 12, '   ').text(1717, 6, 'RC 4.6');
    const { identity } = await identify({ registers });
    expect(value(identity)).toMatchObject({
      name: null,
      model: 'PM8000',
      serial: null,
      firmware: null,
      productId: null,
      manufacturer: null,
    });
  });

  it('does not take a sentinel for the wrong meter, but nothing at all is nothing', async () => {
    const one = await identify({ registers: fakeRegisters().words(90, 18_000) });
    expect(value(one.identity)).toMatchObject({ model: null, productId: 18_000 });

    for (const registers of [fakeRegisters(), zeros()]) {
      const { identity } = await identify({ registers });
      expect(!identity.ok && identity.problem.code).toBe('meter/not-recognised');
    }
    const { identity } = await identify({ intercept: () => failure('modbus/exception-2') });
    expect(!identity.ok && identity.problem.code).toBe('meter/not-recognised');
  });

  it('reads the rest when one row is refused', async () => {
    const refuses = (address: number, count: number) => address <= 116 && address + count > 116;
    const { identity } = await identify({
      registers: meterRegisters(),
      intercept: (address, count) => (refuses(address, count) ? failure('modbus/exception-2') : undefined),
    });
    expect(value(identity)).toMatchObject({ model: 'ION7400', serial: null, productId: 18_000 });
  });

  it.each(['modbus/refused', 'modbus/unreachable'])('passes on %s of the connection', async (code) => {
    const { identity } = await identify({ connect: () => failure(code) });
    expect(!identity.ok && identity.problem.code).toBe(code);
  });

  it('does not call a meter serial-less because its answer was lost', async () => {
    const { identity } = await identify({
      registers: meterRegisters(),
      intercept: (address) => (address === 29 ? failure('modbus/timeout') : undefined),
    });
    expect(!identity.ok && identity.problem.code).toBe('modbus/timeout');
  });

  it.each(['modbus/timeout', 'modbus/closed', 'modbus/exception-1', 'modbus/exception-2', 'modbus/malformed'])(
    'stands without a commercial reference when function code 43 ends with %s',
    async (code) => {
      const { identity } = await identify({ registers: meterRegisters(), reference: failure(code) });
      expect(value(identity)).toMatchObject({ serial: 'MT-2101A017-02', commercialReference: null });
    },
  );

  it.each(['', '  ', '18000'])('does not take %j for a commercial reference', async (text) => {
    const { identity } = await identify({ registers: meterRegisters(), reference: ok(text) });
    expect(value(identity).commercialReference).toBeNull();
  });

  it('does not ask firmware before 4.6.0 for a commercial reference, which cannot have one', async () => {
    const before = await identify({
      registers: meterRegisters({ firmware: '004.005.999' }),
      reference: ok('METSEION7400'),
    });
    expect(value(before.identity).commercialReference).toBeNull();
    expect(before.fake.log).not.toContain('fc43 1');
    const unknown = await identify({ registers: meterRegisters({ firmware: '' }), reference: ok('METSEION7400') });
    expect(value(unknown.identity).commercialReference).toBe('METSEION7400');
  });

  it('takes any registers without throwing, and shows no control characters', async () => {
    const word = fc.integer({ min: 0, max: 0xffff });
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { minLength: 99, maxLength: 99 }),
        fc.array(word, { minLength: 6, maxLength: 6 }),
        async (a, b) => {
          const registers = fakeRegisters()
            .words(30, ...a)
            .words(1717, ...b);
          const { identity } = await identify({ registers });
          if (!identity.ok) return;
          const { name, model, serial, manufacturer } = identity.value;
          for (const text of [name, model, serial, manufacturer]) expect(text ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function zeros() {
  const registers = fakeRegisters().words(1717, 0, 0, 0, 0, 0, 0);
  return registers.words(30, ...Array.from({ length: 99 }, () => 0));
}
